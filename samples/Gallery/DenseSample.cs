using SpectralInit;

namespace Gallery;

/// <summary>A dense layer: what repeated multiplication does to a signal before and after normalization by the spectral radius.</summary>
internal static class DenseSample
{
    public static void Run(GalleryContext context)
    {
        const int Units = 64;
        WeightShape shape = WeightShape.Dense(Units, Units);
        NormalInitializer gaussian = new(0, 1);
        RadiusNormalizedInitializer normalized = new(gaussian);
        SpectrallyNormalizedInitializer contracted = new(gaussian, SpectralTarget.Norm(1));
        PropagationTrace[] traces =
        [
            PropagationTrace.Of("Gaussian", gaussian.CreateMatrix<double>(shape, 7)),
            PropagationTrace.Of("spectral radius 1", normalized.CreateMatrix<double>(shape, 7)),
            PropagationTrace.Of("spectral norm 1", contracted.CreateMatrix<double>(shape, 7)),
        ];
        foreach (PropagationTrace trace in traces)
            Console.WriteLine($"{trace.Name}: ×{trace.GrowthPerStep:F4} per step");
        context.Save(PropagationTrace.Plot("500 multiplications by a 64 × 64 matrix", traces), "dense.svg");
    }
}
