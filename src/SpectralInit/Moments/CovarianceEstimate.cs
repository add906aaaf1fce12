using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace SpectralInit;

/// <summary>A mean and a d×d covariance, exactly symmetric.</summary>
public sealed class CovarianceEstimate
{
    internal CovarianceEstimate(long count, double[] mean, double[] values, CovarianceNormalization normalization = CovarianceNormalization.Unbiased, double shrinkage = 0)
    {
        Count = count;
        Mean = mean;
        Values = values;
        Normalization = normalization;
        Shrinkage = shrinkage;
    }

    /// <summary>Rows the estimate was made from; 0 when unknown.</summary>
    public long Count { get; }

    /// <summary>Dimension d.</summary>
    public int Dimension => Mean.Length;

    /// <summary>The mean, d values.</summary>
    public double[] Mean { get; }

    /// <summary>The covariance, d×d row-major, symmetric to the bit. Owned by this object; do not change it.</summary>
    public double[] Values { get; }

    /// <summary>What the scatter was divided by.</summary>
    public CovarianceNormalization Normalization { get; }

    /// <summary>Intensity s ∈ [0, 1] of the last shrinkage towards (tr Σ/d)·I; 0 for none.</summary>
    public double Shrinkage { get; }

    /// <summary>Shape, rows and shrinkage.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"covariance of {Count:N0} rows, {Dimension}×{Dimension}, shrinkage {Shrinkage:G3}");

    /// <summary>tr Σ: the variance of all features together.</summary>
    public double Trace
    {
        get
        {
            double trace = 0;
            for (int i = 0; i < Dimension; i++)
                trace += Values[(i * Dimension) + i];
            return trace;
        }
    }

    /// <summary>A covariance of your own.</summary>
    /// <param name="covariance">d×d, symmetric to 1e-8 of its largest entry (its symmetric part is taken), no negative variances.</param>
    /// <param name="mean">d values; zero when null.</param>
    /// <param name="count">Rows it was made from, 0 (default) for unknown.</param>
    /// <exception cref="ArgumentException">The matrix is empty, not square, not symmetric, not finite or has a negative diagonal, or the mean has another length or is not finite.</exception>
    public static CovarianceEstimate FromMatrix(Matrix<double> covariance, ReadOnlySpan<double> mean = default, long count = 0)
    {
        ArgumentNullException.ThrowIfNull(covariance);
        int d = covariance.RowCount;
        if (covariance.ColumnCount != d)
            throw new ArgumentException($"A covariance is square; this matrix is {d}×{covariance.ColumnCount}.", nameof(covariance));
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (!mean.IsEmpty && mean.Length != d)
            throw new ArgumentException($"The mean has {mean.Length} values, the covariance {d} rows.", nameof(mean));
        FiniteRows.Check(mean, d, 0, nameof(mean));
        double[] values = covariance.ToRowMajorArray();
        FiniteRows.Check<double>(values, d, 0, nameof(covariance));
        double tolerance = 1e-8 * Math.Abs(TensorPrimitives.MaxMagnitude<double>(values));
        for (int i = 0; i < d; i++)
        {
            if (values[(i * d) + i] < 0)
                throw new ArgumentException($"The variance in row {i} is {values[(i * d) + i]}, less than 0.", nameof(covariance));
            for (int j = 0; j < i; j++)
            {
                ref double lower = ref values[(i * d) + j], upper = ref values[(j * d) + i];
                if (Math.Abs(lower - upper) > tolerance)
                    throw new ArgumentException($"Not symmetric: row {i}, column {j} is {lower}, row {j}, column {i} is {upper}; pass (A + Aᵀ)/2.", nameof(covariance));
                lower = upper = (0.5 * lower) + (0.5 * upper);
            }
        }

        return new CovarianceEstimate(count, mean.IsEmpty ? new double[d] : mean.ToArray(), values);
    }

    /// <summary>A copy as a MathNet matrix, d×d.</summary>
    public Matrix<double> ToMatrix() => Matrix<double>.Build.Dense(Dimension, Dimension, [.. Values]);

    /// <summary>The same scatter divided by n−1 or n.</summary>
    /// <param name="normalization">The divisor wanted.</param>
    /// <exception cref="InvalidOperationException"><see cref="Count"/> is unknown, or 1 and n−1 is wanted.</exception>
    public CovarianceEstimate Normalized(CovarianceNormalization normalization)
    {
        if (!Enum.IsDefined(normalization))
            throw new ArgumentOutOfRangeException(nameof(normalization), normalization, "Use Unbiased or MaximumLikelihood.");
        if (normalization == Normalization)
            return this;
        if (Count < 2)
            throw new InvalidOperationException($"With {Count} rows the normalization cannot be changed.");
        double factor = normalization == CovarianceNormalization.Unbiased ? Count / (Count - 1.0) : (Count - 1.0) / Count;
        return new CovarianceEstimate(Count, Mean, Map(factor, 0), normalization, Shrinkage);
    }

    /// <summary>(1−s)·Σ + s·(tr Σ/d)·I: towards a sphere of the same total variance.</summary>
    /// <param name="intensity">s, 0 … 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="intensity"/> is not in 0 … 1.</exception>
    public CovarianceEstimate Shrink(double intensity)
    {
        if (!(intensity >= 0 && intensity <= 1))
            throw new ArgumentOutOfRangeException(nameof(intensity), intensity, "The intensity of shrinkage lies between 0 and 1.");
        return new CovarianceEstimate(Count, Mean, Map(1 - intensity, intensity * (Trace / Math.Max(1, Dimension))), Normalization, intensity);
    }

    /// <summary>Σ + λ·I.</summary>
    /// <param name="ridge">λ ≥ 0, a variance.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ridge"/> is negative or not finite.</exception>
    public CovarianceEstimate AddRidge(double ridge)
    {
        if (!(ridge >= 0 && double.IsFinite(ridge)))
            throw new ArgumentOutOfRangeException(nameof(ridge), ridge, "A ridge is finite and not negative.");
        return new CovarianceEstimate(Count, Mean, Map(1, ridge), Normalization, Shrinkage);
    }

    /// <summary>The same in another unit.</summary>
    internal CovarianceEstimate Times(double factor) => new(Count, Mean, Map(factor, 0), Normalization, Shrinkage);

    private double[] Map(double factor, double diagonal)
    {
        double[] values = new double[Values.Length];
        TensorPrimitives.Multiply(Values, factor, values);
        for (int i = 0; i < Dimension; i++)
            values[(i * Dimension) + i] += diagonal;
        return values;
    }
}
