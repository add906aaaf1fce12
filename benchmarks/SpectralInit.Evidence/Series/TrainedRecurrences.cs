using System.Globalization;

namespace SpectralInit.Evidence;

/// <summary>
/// Ways to set a recurrent net that is then trained through time. Names are <c>KIND@radius</c>; after any name <c>+readout</c> fits the readout to the states by ridge regression.
/// Input weights and readout are Xavier's unless the kind says otherwise, and biases 0.
/// </summary>
internal static class TrainedRecurrences
{
    /// <summary>What the others are compared with.</summary>
    public const string Reference = "random@0.9";

    private static readonly (string Kind, string Summary, Action<InitializationContext, double> Apply)[] s_kinds =
    [
        ("random", "normal recurrence scaled to the spectral radius", (context, radius) => context.Fill(1, new RadiusNormalizedInitializer(new NormalInitializer(), radius))),
        ("orthogonal", "random orthogonal recurrence times the radius", (context, radius) => context.Fill(1, new OrthogonalInitializer(radius))),
        ("identity", "the identity times the radius (Le, Jaitly and Hinton 2015)", (context, radius) => context.Fill(1, new IdentityInitializer(radius))),
        ("reservoir", "sparse random recurrence scaled to the radius", (context, radius) => context.Fill(1, new ReservoirInitializer(radius))),
        ("components", "input weights from the covariance of the inputs, normal recurrence", (context, radius) =>
        {
            Modes(context, radius);
            context.Fill(1, new RadiusNormalizedInitializer(new NormalInitializer(), radius));
        }),
        ("modes", "dynamic modes: input weights from the covariance of the inputs, recurrence from their lag-one regression", Modes),
    ];

    public static IReadOnlyList<Candidate> All { get; } = [Find(Candidate.Reference), .. s_kinds.Select(kind => Find($"{kind.Kind}@0.9"))];

    /// <exception cref="ArgumentException">There is no such candidate.</exception>
    public static Candidate Find(string name)
    {
        if (name == Candidate.Reference)
            return new(name, "He normal in every layer", _ => { });
        if (name.EndsWith(Candidates.ReadoutSuffix, StringComparison.Ordinal))
        {
            Candidate inner = Find(name[..^Candidates.ReadoutSuffix.Length]);
            return new(name, $"{inner.Summary}; ridge readout", context =>
            {
                inner.Apply(context);
                Readout(context);
            });
        }

        string[] parts = name.Split('@');
        var kind = s_kinds.FirstOrDefault(known => known.Kind == parts[0]);
        if (parts.Length != 2 || kind.Apply is null || !double.TryParse(parts[1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double radius) || radius is <= 0 or > 10)
            throw new ArgumentException($"There is no trained recurrence '{name}'. Known: he, {string.Join(", ", s_kinds.Select(known => $"{known.Kind}@RADIUS"))}, each also with +readout.", nameof(name));
        return new(name, kind.Summary, context =>
        {
            context.FillAll(new XavierInitializer());
            kind.Apply(context, radius);
        });
    }

    private static void Modes(InitializationContext context, double radius)
    {
        Sequence sequence = context.Sequence ?? throw new ArgumentException("The rows are not pieces of a series.", nameof(context));
        WeightLayer input = context.Network.WeightLayers[0];
        DynamicModes modes = DynamicModes.Fit(sequence.Training, sequence.Features, new() { Components = input.Shape.Rows, Window = sequence.Inputs / sequence.Features, Radius = radius });
        context.Fill(0, modes.InputWeights);
        for (int unit = 0; unit < input.Bias.Length; unit++)
            input.Bias[unit] = (float)modes.Bias[unit];
        context.Fill(1, modes.RecurrentWeights);
    }

    private static void Readout(InitializationContext context)
    {
        WeightLayer last = context.Network.WeightLayers[^1];
        RidgeReadout readout = RidgeReadout.Fit(context.LayerInputs(context.Network.WeightLayers.Length - 1), Targets.Values(Array.ConvertAll(context.Train.Targets, value => (double)value), last.Shape.Rows));
        for (int i = 0; i < readout.Weights.Length; i++)
            last.Weights[i] = (float)readout.Weights[i];
        for (int i = 0; i < readout.Bias.Length; i++)
            last.Bias[i] = (float)readout.Bias[i];
    }
}
