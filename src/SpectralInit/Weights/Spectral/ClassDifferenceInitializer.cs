using System.Numerics;
using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>Rows w ∝ xᵢ − xⱼ, differences of random samples of different classes (McDonnell, Tissera, Vladusich, van Schaik and Tapson, PLoS ONE 2015).</summary>
/// <remarks>Each row is scaled to unit variance of its pre-activation on the data; the bias −W·μ centres it. For values, any two rows with different targets make a pair.</remarks>
public sealed class ClassDifferenceInitializer : IBiasInitializer
{
    private const int MaxAttempts = 64;
    private readonly RowSample _sample;
    private readonly double[] _mean;
    private readonly InputScale _inputs;

    private ClassDifferenceInitializer(RowSample sample, IProgress<SolverProgress>? progress, CancellationToken cancellationToken)
    {
        _sample = sample;
        SpanCoordinates coordinates = SpanCoordinates.Of(sample.Rows, sample.Count, sample.Dimension, progress, cancellationToken);
        _mean = coordinates.Mean;
        _inputs = new InputScale(coordinates);
    }

    /// <summary>Fits the initializer: keeps a sample of the rows.</summary>
    /// <param name="rows">n×d rows, finite.</param>
    /// <param name="targets">n classes or values.</param>
    /// <param name="maxRows">Most rows kept, ≥ 2; default 5000, chosen by class.</param>
    /// <param name="seed">Seed of that choice.</param>
    /// <param name="progress">Told the percent of the decomposition done ("direct") where there are no more rows than features.</param>
    /// <param name="cancellationToken">Stops between blocks of rows and steps of the decomposition.</param>
    /// <exception cref="ArgumentException">There are fewer than two rows, another number of targets, values that are not finite or cannot be squared, or <paramref name="maxRows"/> is less than 2.</exception>
    public static ClassDifferenceInitializer Fit(IRowSource rows, Targets targets, int maxRows = 5000, ulong seed = 0, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 2);
        RowSample sample = RowSample.Take(rows, targets, maxRows, seed, cancellationToken);
        return sample.Count >= 2 ? new(sample, progress, cancellationToken) : throw new ArgumentException($"Differences need at least two rows, not {sample.Count}.", nameof(rows));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The destination has the wrong length, or the layer's inputs are not the features of the data.</exception>
    public void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightGuard.Check<T>(weights, shape);
        FeatureShape.Check(shape, _sample.Dimension);
        if (shape.Count == 0)
            return;
        int d = _sample.Dimension, n = _sample.Count;
        double[] rows = new double[shape.Rows * d];
        double[] picks = new double[2 * MaxAttempts];
        for (int unit = 0; unit < shape.Rows; unit++)
        {
            Span<double> row = rows.AsSpan(unit * d, d);
            RandomFill.Uniform<double>(picks, 0, n, seed, stream: (ulong)unit);
            double variance = 0;
            for (int attempt = 0; attempt < MaxAttempts && !(variance > 0); attempt++)
            {
                int i = (int)picks[2 * attempt], j = (int)picks[(2 * attempt) + 1];
                if (Target(i).SequenceEqual(Target(j)))
                    continue;
                TensorPrimitives.Subtract<double>(_sample.Rows.AsSpan(i * d, d), _sample.Rows.AsSpan(j * d, d), row);
                ToUnit(row);
                variance = _inputs.MeanVariance(row, 1);
            }

            if (!(variance > 0))
            {
                // One class only, or rows that coincide: an isotropic row.
                RandomFill.Normal(row, 0, Math.Sqrt(2.0 / d), Seeds.Derive(seed, (ulong)unit));
                ToUnit(row);
                variance = _inputs.MeanVariance(row, 1);
            }

            if (variance > 0)
                TensorPrimitives.Divide(row, Math.Sqrt(variance), row);
        }

        WeightMatrix.WriteRows(0, rows, shape, weights);
    }

    /// <inheritdoc/>
    public void InitializeBias<T>(Span<T> bias, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => CenteringBias.Fill(this, _mean, bias, shape, seed);

    // By a power of two, which changes no digit: the variance squares the row as well as the inputs.
    private static void ToUnit(Span<double> row)
    {
        double largest = Math.Abs(TensorPrimitives.MaxMagnitude<double>(row));
        if (largest > 0)
            TensorPrimitives.Multiply(row, Math.ScaleB(1, -Math.ILogB(largest)), row);
    }

    private ReadOnlySpan<double> Target(int row) => _sample.TargetValues.AsSpan(row * _sample.Outputs, _sample.Outputs);
}
