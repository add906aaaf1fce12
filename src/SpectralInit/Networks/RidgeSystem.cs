using System.Numerics.Tensors;

namespace SpectralInit;

/// <summary>The normal equations of a ridge regression in the eigenbasis of the features' scatter, and the passes over the rows that use it.</summary>
internal sealed class RidgeSystem
{
    private const int BlockRows = 512;
    private readonly IRowSource _features;
    private readonly Targets _targets;
    private readonly int _dimension;
    private readonly double[] _featureMean;
    private readonly double[] _eigenvalues;
    private readonly double[] _vectors;
    private readonly double[] _cross;
    private readonly double _meanEigenvalue;
    private readonly bool _keep;
    private List<(double[] Coordinates, double[] Wanted, int First, int Count)>? _blocks;

    private RidgeSystem(IRowSource features, Targets targets, int dimension, double[] featureMean, double[] targetMean, double variation, double[] eigenvalues, double[] vectors, double[] cross, bool keep)
    {
        _features = features;
        _targets = targets;
        _dimension = dimension;
        _featureMean = featureMean;
        TargetMean = targetMean;
        TargetVariation = variation;
        _eigenvalues = eigenvalues;
        _vectors = vectors;
        _cross = cross;
        _keep = keep;
        _meanEigenvalue = eigenvalues.Length == 0 ? 0 : eigenvalues.Sum() / eigenvalues.Length;
    }

    public double[] TargetMean { get; }

    /// <summary>Σ(y − ȳ)², all outputs together.</summary>
    public double TargetVariation { get; }

    /// <summary>Directions along which the features vary, r.</summary>
    public int Rank => _eigenvalues.Length;

    /// <param name="features">n×h rows.</param>
    /// <param name="h">Features.</param>
    /// <param name="targets">n targets.</param>
    /// <param name="keep">Keeps what the first pass over the rows has computed, for the passes after it.</param>
    /// <param name="progress">Told of rows read and the percent of the decomposition done.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    public static RidgeSystem Accumulate(IRowSource features, int h, Targets targets, bool keep, IProgress<SolverProgress>? progress, CancellationToken cancellationToken)
    {
        int n = targets.Count, c = targets.Outputs;
        if (((Int128)h + c) * ((Int128)h + c) > Array.MaxLength)
            throw new ArgumentException($"The scatter of {h} features and {c} targets does not fit an array; number classes from 0 on without gaps, or narrow the features.", nameof(targets));
        int width = h + c;
        MomentAccumulator moments = new(width);
        double[] joined = new double[BlockRows * width];
        double[] scratch = new double[BlockRows * h];
        int seen = 0;
        double largest = 0;
        using IRowReader reader = features.Begin();
        for (int read = reader.Next<double>(scratch, h); read > 0; read = reader.Next<double>(scratch, h))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (seen + read > n)
                throw new ArgumentException($"There are more rows than the {n} targets.", nameof(targets));
            int bad = Finite.FirstNot(scratch.AsSpan(0, read * h));
            if (bad >= 0)
                throw new ArgumentException($"Row {seen + (bad / h)}, feature {bad % h} is {scratch[bad]}; check the data and the layers before.", nameof(features));
            largest = Math.Max(largest, Math.Abs(TensorPrimitives.MaxMagnitude<double>(scratch.AsSpan(0, read * h))));
            for (int i = 0; i < read; i++)
            {
                scratch.AsSpan(i * h, h).CopyTo(joined.AsSpan(i * width));
                targets.CopyRow(seen + i, joined.AsSpan((i * width) + h, c));
            }

            moments.Add(joined.AsSpan(0, read * width));
            seen += read;
            progress?.Report(new SolverProgress("rows", seen, n));
        }

        if (seen != n)
            throw new ArgumentException($"There are {seen} rows and {n} targets.", nameof(targets));
        Finite.CheckSquares(largest, nameof(features));
        CovarianceEstimate covariance = moments.ToCovariance(CovarianceNormalization.MaximumLikelihood, last: true, nameof(features));
        double[] scatter = new double[h * h], cross = new double[h * c];
        double variation = 0, second = 0;
        for (int i = 0; i < h; i++)
        {
            for (int j = 0; j < h; j++)
                scatter[(i * h) + j] = covariance.Values[(i * width) + j] * n;
            for (int j = 0; j < c; j++)
                cross[(i * c) + j] = covariance.Values[(i * width) + h + j] * n;
        }

        for (int j = h; j < width; j++)
        {
            variation += covariance.Values[(j * width) + j] * n;
            second += covariance.Mean[j] * covariance.Mean[j] * n;
        }

        if (variation <= 1e-24 * second)
            variation = 0;
        EigenPairs pairs = SymmetricEigen.Decompose(scatter, h, null, DirectProgress.Of(progress), cancellationToken);
        double floor = Math.Max(0, pairs.Values[0]) * Math.Max(n, h) * 1e-16;
        int rank = pairs.Values.Count(value => value > floor);
        double[] rotated = new double[rank * c];
        RowMajor.Multiply(pairs.Vectors.AsSpan(0, rank * h), cross, rotated, rank, c, h);
        return new(features, targets, h, covariance.Mean[..h], covariance.Mean[h..], variation, pairs.Values[..rank], pairs.Vectors[..(rank * h)], rotated, keep);
    }

    /// <summary>Relative leave-one-out error at each ridge.</summary>
    public double[] LeaveOneOut(double[] ridges, CancellationToken cancellationToken)
    {
        int r = Rank, c = _targets.Outputs, k = ridges.Length;
        double[] shrink = new double[r * k], solutions = new double[r * k * c];
        for (int i = 0; i < r; i++)
        {
            for (int q = 0; q < k; q++)
            {
                double inverse = 1 / (_eigenvalues[i] + (ridges[q] * _meanEigenvalue));
                shrink[(i * k) + q] = inverse;
                for (int j = 0; j < c; j++)
                    solutions[(((i * k) + q) * c) + j] = inverse * _cross[(i * c) + j];
            }
        }

        double[] errors = new double[k];
        double[] squares = new double[BlockRows * r], leverages = new double[BlockRows * k], fitted = new double[BlockRows * k * c];
        ForEachBlock((z, y, first, count) =>
        {
            TensorPrimitives.Multiply(z, z, squares.AsSpan(0, count * r));
            RowMajor.Multiply(squares, shrink, leverages, count, k, r);
            RowMajor.Multiply(z, solutions, fitted, count, k * c, r);
            for (int i = 0; i < count; i++)
            {
                for (int q = 0; q < k; q++)
                {
                    double left = Left(leverages[(i * k) + q]);
                    for (int j = 0; j < c; j++)
                    {
                        double residual = (y[(i * c) + j] - TargetMean[j] - fitted[(((i * k) + q) * c) + j]) / left;
                        errors[q] += residual * residual;
                    }
                }
            }
        }, cancellationToken);
        for (int q = 0; q < k; q++)
            errors[q] /= TargetVariation;
        return errors;
    }

    /// <summary>True once a pass over the rows has kept what it computed: from then on several threads may ask at once.</summary>
    public bool IsKept => _blocks is not null;

    /// <summary>Predictions of every row by the fit without it, n×c.</summary>
    public double[] LeftOutPredictions(double ridge, CancellationToken cancellationToken)
    {
        int r = Rank, c = _targets.Outputs;
        double[] solution = Rotated(ridge), predictions = new double[_targets.Count * c], fitted = new double[BlockRows * c], squares = new double[r];
        double[] shrink = [.. _eigenvalues.Select(value => 1 / (value + (ridge * _meanEigenvalue)))];
        ForEachBlock((z, y, first, count) =>
        {
            RowMajor.Multiply(z, solution, fitted, count, c, r);
            for (int i = 0; i < count; i++)
            {
                TensorPrimitives.Multiply(z.Slice(i * r, r), z.Slice(i * r, r), squares);
                double leverage = TensorPrimitives.Dot<double>(squares, shrink);
                for (int j = 0; j < c; j++)
                {
                    double wanted = y[(i * c) + j];
                    predictions[((first + i) * c) + j] = wanted - ((wanted - TargetMean[j] - fitted[(i * c) + j]) / Left(leverage));
                }
            }
        }, cancellationToken);
        return predictions;
    }

    /// <summary>Weights [c, h] and bias at a ridge.</summary>
    public (double[] Weights, double[] Bias) Solve(double ridge)
    {
        int c = _targets.Outputs;
        double[] weights = new double[c * _dimension];
        RowMajor.TransposedMultiply(Rotated(ridge), _vectors, weights, c, _dimension, Rank);
        double[] bias = new double[c];
        for (int j = 0; j < c; j++)
            bias[j] = TargetMean[j] - TensorPrimitives.Dot(weights.AsSpan(j * _dimension, _dimension), _featureMean);
        return (weights, bias);
    }

    private double[] Rotated(double ridge)
    {
        int c = _targets.Outputs;
        double[] solution = [.. _cross];
        for (int i = 0; i < solution.Length; i++)
            solution[i] /= _eigenvalues[i / c] + (ridge * _meanEigenvalue);
        return solution;
    }

    /// <summary>1 − h, kept away from the zero that rounding can make of it when a row alone spans a direction.</summary>
    private double Left(double leverage) => Math.Max(1 - leverage - (1.0 / _targets.Count), 1e-9);

    private delegate void BlockAction(ReadOnlySpan<double> coordinates, ReadOnlySpan<double> wanted, int first, int count);

    private void ForEachBlock(BlockAction action, CancellationToken cancellationToken)
    {
        if (_blocks is { } kept)
        {
            foreach ((double[] z, double[] y, int first, int count) in kept)
                action(z, y, first, count);
            return;
        }

        int r = Rank, h = _dimension, c = _targets.Outputs;
        double[] rows = new double[BlockRows * h];
        List<(double[], double[], int, int)> blocks = [];
        using IRowReader reader = _features.Begin();
        int seen = 0;
        for (int read = reader.Next<double>(rows, h); read > 0; read = reader.Next<double>(rows, h))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (seen + read > _targets.Count)
                throw new InvalidOperationException($"The source had {_targets.Count} rows on the first pass and more on a later one.");
            double[] coordinates = new double[read * r], wanted = new double[read * c];
            for (int i = 0; i < read; i++)
            {
                Span<double> row = rows.AsSpan(i * h, h);
                TensorPrimitives.Subtract(row, _featureMean, row);
                _targets.CopyRow(seen + i, wanted.AsSpan(i * c, c));
            }

            RowMajor.MultiplyTransposed(rows, _vectors, coordinates, read, r, h);
            action(coordinates, wanted, seen, read);
            if (_keep)
                blocks.Add((coordinates, wanted, seen, read));
            seen += read;
        }

        if (seen != _targets.Count)
            throw new InvalidOperationException($"The source had {_targets.Count} rows on the first pass and {seen} on a later one.");
        _blocks = _keep ? blocks : null;
    }
}
