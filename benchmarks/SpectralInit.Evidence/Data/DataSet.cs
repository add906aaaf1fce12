namespace SpectralInit.Evidence;

/// <summary>A named data set.</summary>
/// <param name="Name">For tables and files.</param>
/// <param name="Rows">All rows.</param>
/// <param name="Standardization">How its features are scaled unless the command line says otherwise.</param>
/// <param name="Image">The size of the images the rows are, if any.</param>
/// <param name="Words">What the features are places in a text, if they are: whole numbers that name words.</param>
/// <param name="Sequence">What the rows are, if they are pieces of a series.</param>
/// <param name="TestAtEnd">The last rows are the test set in every repetition, and only the others are shuffled: for rows in the order of time.</param>
internal sealed record DataSet(
    string Name, LabeledRows Rows, Standardization Standardization = Standardization.Feature, ImageSize? Image = null, WordList? Words = null, Sequence? Sequence = null, bool TestAtEnd = false)
{
    public override string ToString() =>
        $"{Name}: {Rows.Count:N0} rows × {Rows.Columns}, {(Rows.IsRegression ? $"{Rows.Outputs} target{(Rows.Outputs == 1 ? "" : "s")}" : $"{Rows.Outputs} classes")}";
}
