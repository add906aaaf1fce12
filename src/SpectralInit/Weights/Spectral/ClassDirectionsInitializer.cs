using System.Numerics;
using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>Rows that look where the classes differ: w ~ N(0, (1 − t)·V·diag(p)·Vᵀ/tr + t·I/d), p = λ^α over <see cref="ClassDirections"/>.</summary>
/// <remarks>All rows are scaled by one factor to unit mean variance of the pre-activations on the data. The bias −W·μ centres them. Without directions, rows are isotropic.</remarks>
public sealed class ClassDirectionsInitializer : IBiasInitializer
{
    private readonly ClassDirections _directions;
    private readonly double _exponent;
    private readonly double _isotropicShare;

    /// <summary>Initializes from fitted directions.</summary>
    /// <param name="directions">The directions.</param>
    /// <param name="exponent">α ≥ 0, default ½.</param>
    /// <param name="isotropicShare">t, 0 … 1, default 0.5: there are fewer than c directions, too few for a layer of its own.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="exponent"/> or <paramref name="isotropicShare"/> is out of its range.</exception>
    public ClassDirectionsInitializer(ClassDirections directions, double exponent = 0.5, double isotropicShare = 0.5)
    {
        ArgumentNullException.ThrowIfNull(directions);
        if (!(exponent >= 0) || !double.IsFinite(exponent))
            throw new ArgumentOutOfRangeException(nameof(exponent), exponent, "The exponent must be finite and not negative.");
        if (!(isotropicShare is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(isotropicShare), isotropicShare, "A share is between 0 and 1.");
        _directions = directions;
        _exponent = exponent;
        _isotropicShare = isotropicShare;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The destination has the wrong length, or the layer's inputs are not the features of the data.</exception>
    public void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightGuard.Check<T>(weights, shape);
        FeatureShape.Check(shape, _directions.Dimension);
        if (shape.Count > 0)
            WeightMatrix.WriteParts(shape, weights, seed, Rows);
    }

    /// <inheritdoc/>
    public void InitializeBias<T>(Span<T> bias, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => CenteringBias.Fill(this, _directions.Mean, bias, shape, seed);

    private double[] Rows(int units, ulong seed)
    {
        int d = _directions.Dimension, k = _directions.Values.Length;
        double[] rows = new double[checked(units * d)];
        RandomFill.Normal<double>(rows, 0, Math.Sqrt((k == 0 ? 1 : _isotropicShare) / d), seed);
        if (k > 0)
        {
            // The trace of V·diag(p)·Vᵀ counts the directions' lengths, which are not 1 for discriminants.
            double[] shares = [.. _directions.Values.Select(value => Math.Pow(value / _directions.Values[0], _exponent))];
            double trace = Enumerable.Range(0, k).Sum(i => shares[i] * TensorPrimitives.SumOfSquares<double>(_directions.Vectors.AsSpan(i * d, d)));
            double[] draw = new double[units * k];
            RandomFill.Normal<double>(draw, 0, 1, Seeds.Derive(seed, nameof(ClassDirections)));
            for (int i = 0; i < draw.Length; i++)
                draw[i] *= Math.Sqrt((1 - _isotropicShare) * shares[i % k] / trace);
            RowMajor.Multiply(draw, _directions.Vectors, rows, units, d, k, beta: 1);
        }

        double variance = _directions.Inputs.MeanVariance(rows, units);
        if (variance > 0)
            TensorPrimitives.Multiply(rows, 1 / Math.Sqrt(variance), rows);
        else
            new HeInitializer().Initialize<double>(rows, WeightShape.Dense(d, units), seed);
        return rows;
    }
}
