namespace SpectralInit.Evidence;

/// <summary>A named data set.</summary>
internal sealed record DataSet(string Name, LabeledRows Rows, Standardization Standardization = Standardization.Feature, ImageSize? Image = null)
{
    public override string ToString() =>
        $"{Name}: {Rows.Count:N0} rows × {Rows.Columns}, {(Rows.IsRegression ? $"{Rows.Outputs} target{(Rows.Outputs == 1 ? "" : "s")}" : $"{Rows.Outputs} classes")}";
}
