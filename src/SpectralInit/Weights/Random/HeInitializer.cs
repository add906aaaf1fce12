using System.Numerics;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>He normal: w ~ N(0, 2/fan_in).</summary>
public sealed class HeInitializer : IWeightInitializer
{
    /// <inheritdoc/>
    public void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightGuard.Check<T>(weights, shape);
        RandomFill.Normal(weights, 0, Math.Sqrt(2.0 / Math.Max(1, shape.FanIn)), seed);
    }
}
