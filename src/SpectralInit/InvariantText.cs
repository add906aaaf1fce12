using System.Globalization;
using System.Text;

namespace SpectralInit;

/// <summary>Text with numbers as code writes them, wherever the reader lives.</summary>
internal static class InvariantText
{
    public static string Of(Func<string> write)
    {
        CultureInfo reader = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            return write();
        }
        finally
        {
            CultureInfo.CurrentCulture = reader;
        }
    }

    /// <summary>What a record says of itself.</summary>
    public static string Of(string name, Func<StringBuilder, bool> printMembers) => Of(() =>
    {
        StringBuilder text = new($"{name} {{ ");
        return (printMembers(text) ? text.Append(' ') : text).Append('}').ToString();
    });
}
