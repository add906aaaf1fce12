namespace SpectralInit.Evidence;

/// <summary>One quantity varied, everything else held.</summary>
/// <param name="Name">The name on the command line.</param>
/// <param name="Summary">What is varied, in one line.</param>
/// <param name="Axis">The label of the quantity in pictures.</param>
/// <param name="Values">The values taken unless the command line names others.</param>
/// <param name="At">The data set and options at a value; the given set is null when none is named.</param>
internal sealed record Sweep(string Name, string Summary, string Axis, IReadOnlyList<double> Values, Func<DataSet?, ExperimentOptions, double, (DataSet? Set, ExperimentOptions Options)> At)
{
    public static IReadOnlyList<Sweep> All { get; } =
    [
        new("depth", "as many hidden layers, all of the first width of --hidden", "hidden layers", [2, 5, 10, 20, 30],
            (set, options, value) => (set, options with { Hidden = [.. Enumerable.Repeat(options.Hidden[0], (int)value)] })),
        new("width", "every hidden layer of --hidden that wide", "width of the hidden layers", [64, 128, 256, 512, 1024, 2048],
            (set, options, value) => (set, options with { Hidden = [.. options.Hidden.Select(_ => (int)value)] })),
        new("noise", "10 useful features of spread 1 among 90 idle ones of that spread", "spread of the 90 idle features", [0.25, 0.5, 1, 2, 4],
            (_, options, value) => (GradedData.Noisy(value), options)),
        Condition("condition", "all", "classes depend on all principal directions alike"),
        Condition("condition-leading", "leading", "classes depend on the 8 leading principal directions of 60"),
        Condition("condition-trailing", "trailing", "classes depend on the 8 trailing principal directions of 60"),
    ];

    /// <summary>Whether the values are data sets of their own.</summary>
    public bool MakesData => At(null, new ExperimentOptions(), Values[0]).Set is not null;

    /// <exception cref="ArgumentException">There is no such sweep.</exception>
    public static Sweep Find(string name) =>
        All.FirstOrDefault(sweep => sweep.Name == name) ?? throw new ArgumentException($"There is no sweep '{name}'. Known: {string.Join(", ", All.Select(sweep => sweep.Name))}.");

    private static Sweep Condition(string name, string answer, string summary) =>
        new(name, $"condition number of the covariance of 60 features; {summary}", $"condition number of the covariance; {summary}", [1, 10, 100, 1000, 10_000, 100_000], (_, options, value) => (GradedData.Conditioned(value, answer), options));
}
