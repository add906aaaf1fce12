using System.Numerics.Tensors;

namespace SpectralInit;

/// <summary>
/// A linear readout ŷ = W·f + b of features f, fitted by ridge regression; the ridge is the one with the smallest exact leave-one-out error.
/// </summary>
/// <remarks>
/// In the eigenbasis S = VΛVᵀ of the centred features' scatter the residual of row i, had the row been left out, is
/// rᵢ / (1 − hᵢ) with leverage hᵢ = 1/n + Σⱼ zᵢⱼ² / (λⱼ + ρ), z = Vᵀ(f − f̄) (Allen's PRESS, 1974; Golub, Heath and Wahba, 1979), so one
/// eigendecomposition serves all ridges ρ. (The mean is that of all rows; leaving a row out moves it too, which the 1/n accounts for exactly.)
/// Rows stream: memory is that of the features' scatter. Where n ≤ features, the work is done in the span of the rows.
/// </remarks>
public sealed class RidgeReadout
{
    private RidgeReadout(double[] weights, double[] bias, double ridge, double error, double accuracy, double crossEntropyScale, IReadOnlyList<double> path)
    {
        Weights = weights;
        Bias = bias;
        Ridge = ridge;
        LeaveOneOutError = error;
        LeaveOneOutAccuracy = accuracy;
        CalibratedScale = crossEntropyScale;
        ErrorPath = path;
    }

    /// <summary>Weights [outputs, features], row-major.</summary>
    public double[] Weights { get; }

    /// <summary>Bias, one value per output.</summary>
    public double[] Bias { get; }

    /// <summary>The ridge chosen, relative to the mean of the nonzero eigenvalues of the features' scatter.</summary>
    public double Ridge { get; }

    /// <summary>Leave-one-out squared error relative to the variance of the targets: 0 is perfect, 1 no better than the mean.</summary>
    public double LeaveOneOutError { get; }

    /// <summary>Share of rows whose class is the largest of their left-out predictions; NaN for values.</summary>
    public double LeaveOneOutAccuracy { get; }

    /// <summary>The factor s for which softmax(s·ŷ) has the smallest cross-entropy on the left-out predictions, in 0.3 … 100; 1 for values.</summary>
    public double CalibratedScale { get; }

    /// <summary>Relative leave-one-out error at each ridge tried, in the order given.</summary>
    public IReadOnlyList<double> ErrorPath { get; }

    /// <summary>Ridge and leave-one-out error.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"ridge {Ridge:G3}, leave-one-out error {LeaveOneOutError:F3}");

    /// <summary>Fits the readout.</summary>
    /// <param name="features">n rows of features, finite.</param>
    /// <param name="targets">n classes (one-hot) or values.</param>
    /// <param name="options">Ridges and memory; defaults when null.</param>
    /// <param name="progress">Told of rows read ("rows") and the percent of each decomposition done ("direct"); what is left after the last is short, unless <see cref="RidgeReadoutOptions.MemoryBudget"/> makes it read the rows again.</param>
    /// <param name="cancellationToken">Stops between blocks of rows and steps of the decomposition.</param>
    /// <exception cref="ArgumentException">Rows and targets differ in number, there are none, or a feature is NaN or infinite.</exception>
    /// <remarks>Constant targets or constant features give zero weights and the mean target as bias.</remarks>
    public static RidgeReadout Fit(IRowSource features, Targets targets, RidgeReadoutOptions? options = null, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        RowReading.Check(features);
        ArgumentNullException.ThrowIfNull(targets);
        options ??= new();
        double[] ridges = options.CheckedRidges();
        int n = targets.Count, h = features.Columns, c = targets.Outputs;
        if (n == 0)
            throw new ArgumentException("There are no rows.", nameof(targets));
        if (n <= h)
        {
            RowSample all = RowSample.Take(features, targets, Math.Max(2, n), 0, cancellationToken, nameof(features));
            SpanCoordinates coordinates = SpanCoordinates.Of(all.Rows, n, h, progress, cancellationToken);
            if (coordinates.Dimension == 0)
                return Constant(h, targets, ridges);
            RidgeReadout inner = Fit(new MemoryRowSource<double>(coordinates.Rows, coordinates.Dimension), coordinates.Dimension, targets, ridges, options, progress, cancellationToken);
            double[] weights = coordinates.ToAmbient(inner.Weights, c);
            double[] bias = [.. inner.Bias];
            for (int j = 0; j < c; j++)
                bias[j] -= TensorPrimitives.Dot(weights.AsSpan(j * h, h), coordinates.Mean);
            return new(weights, bias, inner.Ridge, inner.LeaveOneOutError, inner.LeaveOneOutAccuracy, inner.CalibratedScale, inner.ErrorPath);
        }

        if ((long)n * h <= Math.Min(options.MemoryBudget, Array.MaxLength))
        {
            double[] rows = new double[n * h];
            using IRowReader reader = features.Begin();
            int seen = 0;
            for (int read = reader.Next(Block(rows, seen, n, h), h); read > 0; read = reader.Next(Block(rows, seen, n, h), h))
            {
                cancellationToken.ThrowIfCancellationRequested();
                seen += read;
                if (seen == n)
                    break;
            }

            if (seen != n || reader.Next<double>(new double[h], h) > 0)
                throw new ArgumentException($"The rows are not as many as the {n} targets.", nameof(targets));
            features = new MemoryRowSource<double>(rows, h);
        }

        return Fit(features, h, targets, ridges, options, progress, cancellationToken);
    }

    /// <summary>What each row contributes to the smallest relative leave-one-out error: the sum of what is returned.</summary>
    internal static double[] LeftOutErrors(double[] rows, int h, Targets targets)
    {
        int n = targets.Count, c = targets.Outputs;
        if (n <= h)
        {
            SpanCoordinates coordinates = SpanCoordinates.Of(rows, n, h);
            (rows, h) = (coordinates.Rows, coordinates.Dimension);
        }

        double[] errors = new double[n];
        RidgeSystem? system = h == 0 ? null : RidgeSystem.Accumulate(new MemoryRowSource<double>(rows, h), h, targets, keep: true, null, default);
        if (system is null || !(system.TargetVariation > 0) || system.Rank == 0)
        {
            Array.Fill(errors, 1.0 / n);
            return errors;
        }

        double[] ridges = new RidgeReadoutOptions().CheckedRidges(), wanted = new double[c];
        double[] path = system.LeaveOneOut(ridges, default);
        double[] predictions = system.LeftOutPredictions(ridges[Array.LastIndexOf(path, path.Min())], default);
        for (int i = 0; i < n; i++)
        {
            targets.CopyRow(i, wanted);
            double distance = TensorPrimitives.Distance<double>(wanted, predictions.AsSpan(i * c, c));
            errors[i] = distance * distance / system.TargetVariation;
        }

        return errors;
    }

    private static Span<double> Block(double[] rows, int seen, int n, int columns) => rows.AsSpan(seen * columns, Math.Min(1024, n - seen) * columns);

    private static RidgeReadout Fit(IRowSource features, int h, Targets targets, double[] ridges, RidgeReadoutOptions options, IProgress<SolverProgress>? progress, CancellationToken cancellationToken)
    {
        RidgeSystem system = RidgeSystem.Accumulate(features, h, targets, keep: (long)targets.Count * h <= options.MemoryBudget, progress, cancellationToken);
        if (!(system.TargetVariation > 0) || system.Rank == 0)
            return Constant(h, targets, ridges);

        double[] path = system.LeaveOneOut(ridges, cancellationToken);
        (int best, double accuracy, double scale) = options.MaxNorm is { } limit ? Limited(system, targets, ridges, path, limit, cancellationToken) : Free(system, targets, ridges, path, cancellationToken);
        (double[] weights, double[] bias) = system.Solve(ridges[best]);
        return new(weights, bias, ridges[best], path[best], accuracy, scale, path);
    }

    // Ties go to the larger ridge, the smoother function.
    private static (int Best, double Accuracy, double Scale) Free(RidgeSystem system, Targets targets, double[] ridges, double[] path, CancellationToken cancellationToken)
    {
        int best = Array.LastIndexOf(path, path.Min());
        if (!targets.IsClassification)
            return (best, double.NaN, 1);
        (double accuracy, double scale, _) = LogitCalibration.Of(system.LeftOutPredictions(ridges[best], cancellationToken), targets);
        return (best, accuracy, scale);
    }

    private static (int Best, double Accuracy, double Scale) Limited(RidgeSystem system, Targets targets, double[] ridges, double[] path, double limit, CancellationToken cancellationToken)
    {
        double unit = targets.IsClassification ? 1 : Math.Sqrt(system.TargetVariation / targets.Count / targets.Outputs), least = double.PositiveInfinity;
        (int Best, double Accuracy, double Scale) choice = (Array.IndexOf(ridges, ridges.Max()), double.NaN, 1);
        double[] allowed = new double[ridges.Length];
        (double Accuracy, double Scale, double Loss)[] calibrated = new (double, double, double)[ridges.Length];
        if (system.IsKept)
        {
            Parallelism.Run(ridges.Length, Judge);
        }
        else
        {
            for (int i = 0; i < ridges.Length; i++)
                Judge(i);
        }

        for (int i = 0; i < ridges.Length; i++)
        {
            if (targets.IsClassification)
            {
                if (calibrated[i].Loss <= least)
                    (least, choice) = (calibrated[i].Loss, (i, calibrated[i].Accuracy, calibrated[i].Scale));
            }
            else if (allowed[i] >= 1 && path[i] <= least)
            {
                (least, choice) = (path[i], (i, double.NaN, 1));
            }
        }

        void Judge(int i)
        {
            double norm = TensorPrimitives.Norm<double>(system.Solve(ridges[i]).Weights) / (unit * Math.Sqrt(targets.Outputs));
            allowed[i] = norm > 0 ? limit / norm : double.PositiveInfinity;
            if (targets.IsClassification)
                calibrated[i] = LogitCalibration.Of(system.LeftOutPredictions(ridges[i], cancellationToken), targets, allowed[i]);
        }

        return choice;
    }

    private static RidgeReadout Constant(int features, Targets targets, double[] ridges)
    {
        double[] mean = targets.Mean();
        return new(new double[targets.Outputs * features], mean, ridges[^1], 1, targets.IsClassification ? mean.Max() : double.NaN, 1, [.. ridges.Select(_ => 1.0)]);
    }
}
