using System.Numerics;

namespace SpectralInit;

/// <summary>Any initializer of square matrices, rescaled to a target spectral radius: W ← W·radius/ρ(W), each gate or part by itself.</summary>
/// <remarks>
/// With radius 1, ‖Wᵗx‖ neither grows nor decays geometrically: repeated multiplication, as in a linear recurrence, does not explode or die. A zero matrix stays zero; a
/// nilpotent one, whose radius is zero to working precision, cannot be scaled and is refused.
/// </remarks>
public sealed class RadiusNormalizedInitializer : IWeightInitializer
{
    private readonly IWeightInitializer _inner;

    /// <summary>Rescales an initializer.</summary>
    /// <param name="inner">The initializer.</param>
    /// <param name="radius">The spectral radius wanted, finite, ≥ 0; default 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The radius is negative or not finite.</exception>
    public RadiusNormalizedInitializer(IWeightInitializer inner, double radius = 1)
    {
        ArgumentNullException.ThrowIfNull(inner);
        if (!double.IsFinite(radius) || radius < 0)
            throw new ArgumentOutOfRangeException(nameof(radius), radius, "A spectral radius is finite and not negative.");
        (_inner, Radius) = (inner, radius);
    }

    /// <summary>The spectral radius wanted.</summary>
    public double Radius { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The matrices are not square, or one is nilpotent.</exception>
    public void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightGuard.Check<T>(weights, shape);
        int rows = WeightBlocks.Rows(shape), count = WeightBlocks.Count(shape);
        if (rows != shape.Columns)
            throw new ArgumentException($"A spectral radius needs square matrices, not {rows}×{shape.Columns}: {shape}.", nameof(shape));

        double[] wide = WeightBlocks.Drawn<T>(_inner, shape, seed);
        for (int block = 0; block < count; block++)
        {
            ReadOnlySpan<double> matrix = WeightBlocks.Read<double>(wide, shape, block);
            if (!matrix.ContainsAnyExcept(0.0))
                continue;
            SpectralRadiusResult radius = SpectralRadius.Of(matrix, rows);
            if (radius.MayBeZero)
                throw new ArgumentException($"Matrix {block} has spectral radius {radius.Value:g3} ± {radius.ErrorEstimate:g3}: it is nilpotent to working precision and cannot be scaled. Choose another initializer or a denser one.", nameof(shape));
            WeightBlocks.Scale<double>(wide, shape, block, Radius / radius.Value);
        }

        WeightGuard.Write<double, T>(wide, weights);
    }
}
