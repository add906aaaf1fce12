namespace SpectralInit.Evidence;

/// <summary>The table of everything that is compared.</summary>
internal static class Candidates
{
    public static IReadOnlyList<Candidate> All { get; } =
    [
        new(Candidate.Reference, "He normal in every layer", _ => { }),
        new("pca", "principal directions as they are, W = U_kᵀ, in the first layer; He elsewhere", Raw),
    ];

    private static void Raw(InitializationContext context)
    {
        WeightLayer first = context.Network.WeightLayers[0];
        int rows = Math.Min(first.Shape.Rows, context.Spectrum.Components.Count);
        if (first.Shape.Kernel.IsEmpty)
            new PrincipalComponentInitializer(context.Spectrum).Initialize(first.Weights[..(rows * first.Shape.Columns)], WeightShape.Dense(first.Shape.Columns, rows), context.Seed);
    }

    /// <exception cref="ArgumentException">There is no such candidate.</exception>
    public static Candidate Find(string name) =>
        All.FirstOrDefault(candidate => candidate.Name == name)
        ?? throw new ArgumentException($"There is no initializer '{name}'. Known: {string.Join(", ", All.Select(candidate => candidate.Name))}.", nameof(name));
}
