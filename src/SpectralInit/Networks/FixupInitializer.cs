using System.Numerics;
using System.Numerics.Tensors;

namespace SpectralInit;

/// <summary>
/// Fixup scaling for residual nets without normalization: inside a branch of m weight layers, of L branches in all, weights are an inner initializer's times
/// L^(−1/(2m−2)); the last layer of every branch, and the classifier, start at zero. Zhang, Dauphin and Ma, "Fixup initialization", ICLR 2019.
/// </summary>
public sealed class FixupInitializer : IWeightInitializer
{
    private readonly IWeightInitializer _inner;
    private readonly double _factor;

    /// <summary>The initializer of one layer of a residual branch.</summary>
    /// <param name="inner">The initializer to scale; the paper uses He's.</param>
    /// <param name="branches">Residual branches in the network, L ≥ 1.</param>
    /// <param name="layersInBranch">Weight layers in this branch, m ≥ 1.</param>
    /// <param name="isLast">Whether this is the last layer of its branch, or the classifier: all zeros. A branch of one layer is its own last.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="branches"/> or <paramref name="layersInBranch"/> is less than 1.</exception>
    public FixupInitializer(IWeightInitializer inner, int branches, int layersInBranch, bool isLast)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentOutOfRangeException.ThrowIfLessThan(branches, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(layersInBranch, 1);
        _inner = inner;
        _factor = isLast || layersInBranch == 1 ? 0 : Math.Pow(branches, -1 / ((2.0 * layersInBranch) - 2));
    }

    /// <inheritdoc/>
    public void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightGuard.Check<T>(weights, shape);
        if (_factor == 0)
        {
            weights.Clear();
            return;
        }

        double[] scaled = _inner.Create<double>(shape, seed);
        TensorPrimitives.Multiply(scaled, _factor, scaled);
        WeightGuard.Write<double, T>(scaled, weights);
    }
}
