namespace SpectralInit.Evidence;

/// <summary>The table of everything that is compared. An owner of a new initializer adds a line.</summary>
internal static class Candidates
{
    public static IReadOnlyList<Candidate> All { get; } =
    [
        new(Candidate.Reference, "He normal in every layer", _ => { }),
        new("pca", "first layer W = U_kᵀ, the principal directions as they are", context => PrincipalComponents(context, new() { Completion = ComponentCompletion.HeRemainder })),
        new("pca-scaled", "first layer principal directions with one gain: mean variance 2, He's, before the nonlinearity", context => PrincipalComponents(context, new() { Completion = ComponentCompletion.HeRemainder, Scaling = ComponentScaling.Proportional, TargetVariance = 2 })),
        new("pca-mirrored", "first layer pairs ±v of the principal directions, scaled likewise", Mirrored),
    ];

    /// <exception cref="ArgumentException">There is no such candidate.</exception>
    public static Candidate Find(string name) =>
        All.FirstOrDefault(candidate => candidate.Name == name)
        ?? throw new ArgumentException($"There is no initializer '{name}'. Known: {string.Join(", ", All.Select(candidate => candidate.Name))}.", nameof(name));

    private static void PrincipalComponents(InitializationContext context, PrincipalComponentOptions options) =>
        context.Fill(0, new PrincipalComponentInitializer(context.FirstLayerSpectrum, options));

    // Half of the rows are directions, the other half their negatives; as many directions as half the units, or all there are.
    private static void Mirrored(InitializationContext context)
    {
        WeightLayer first = context.Network.WeightLayers[0];
        int inputs = first.Shape.Columns, half = first.Shape.Rows / 2;
        PrincipalComponentInitializer initializer = new(context.FirstLayerSpectrum, new() { Completion = ComponentCompletion.HeRemainder, Scaling = ComponentScaling.Proportional, TargetVariance = 2 });
        Span<float> directions = first.Weights[..(half * inputs)];
        initializer.Initialize(directions, WeightShape.Dense(inputs, half), context.Seed);
        System.Numerics.Tensors.TensorPrimitives.Negate(directions, first.Weights.Slice(half * inputs, half * inputs));
    }
}
