namespace SpectralInit;

/// <summary>A report that a notebook shows richer than as text.</summary>
internal interface IHtmlReport
{
    string ToHtml();
}
