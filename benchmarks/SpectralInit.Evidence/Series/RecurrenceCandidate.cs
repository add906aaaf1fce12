namespace SpectralInit.Evidence;

/// <summary>One way to set a recurrence before its readout is fitted.</summary>
/// <param name="Name">The name on the command line and in tables.</param>
/// <param name="Summary">What it does, in one line.</param>
/// <param name="Create">From the training rows, their features per step, the units, the input gain, the spectral radius and a seed; null for no recurrence at all.</param>
internal sealed record RecurrenceCandidate(string Name, string Summary, Func<double[], int, int, double, double, ulong, Recurrence>? Create)
{
    /// <summary>The baseline that all others are compared with.</summary>
    public const string Reference = "reservoir";

    public static IReadOnlyList<RecurrenceCandidate> All { get; } =
    [
        new(Reference, "normal input weights, sparse random recurrence scaled to the radius, one row in", (_, features, units, gain, radius, seed) =>
            new(units, 1, Normal(features, units, gain, seed), Sparse(units, radius, seed), new double[units])),
        new("orthogonal", "the same with a random orthogonal recurrence times the radius", (_, features, units, gain, radius, seed) =>
            new(units, 1, Normal(features, units, gain, seed), new OrthogonalInitializer(radius).Create<double>(WeightShape.Recurrent(units, units), seed), new double[units])),
        new("reservoir-window", "the sparse random recurrence, fed the window of rows that modes are fitted to", (_, features, units, gain, radius, seed) =>
            new(units, WindowFor(units, features), Normal(features * WindowFor(units, features), units, gain, seed), Sparse(units, radius, seed), new double[units])),
        new("components", "input weights from the covariance of windows, sparse random recurrence", (rows, features, units, gain, radius, seed) =>
            Modes(rows, features, units, gain, radius) with { Recurrent = Sparse(units, radius, seed) }),
        new("modes", "dynamic modes: input weights from the covariance of windows, recurrence from their lag-one regression", (rows, features, units, gain, radius, _) => Modes(rows, features, units, gain, radius)),
        new("linear", "no recurrence: the readout sees the window itself", null),
    ];

    /// <exception cref="ArgumentException">There is no such candidate.</exception>
    public static RecurrenceCandidate Find(string name) =>
        All.FirstOrDefault(candidate => candidate.Name == name) ?? throw new ArgumentException($"There is no recurrence '{name}'. Known: {string.Join(", ", All.Select(candidate => candidate.Name))}.", nameof(name));

    /// <summary>The fewest rows that have as many values as there are units.</summary>
    public static int WindowFor(int units, int features) => (units + features - 1) / features;

    private static double[] Normal(int inputs, int units, double gain, ulong seed) =>
        new NormalInitializer(0, gain / Math.Sqrt(inputs)).Create<double>(WeightShape.Dense(inputs, units), Seeds.Derive(seed, "input"));

    private static double[] Sparse(int units, double radius, ulong seed) => new ReservoirInitializer(radius).Create<double>(WeightShape.Recurrent(units, units), seed);

    private static Recurrence Modes(double[] rows, int features, int units, double gain, double radius)
    {
        int window = WindowFor(units, features);
        DynamicModes modes = DynamicModes.Fit(rows, features, new() { Components = units, Window = window, Radius = radius });
        double[] input = modes.InputWeights.Create<double>(WeightShape.Dense(modes.Inputs, units)), recurrent = modes.RecurrentWeights.Create<double>(WeightShape.Recurrent(units, units));
        return new(units, window, Array.ConvertAll(input, value => gain * value), recurrent, Array.ConvertAll(modes.Bias.ToArray(), value => gain * value));
    }
}
