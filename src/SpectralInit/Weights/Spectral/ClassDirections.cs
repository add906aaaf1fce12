namespace SpectralInit;

/// <summary>The at most c − 1 directions along which the means of c classes differ: between-class scatter or Fisher's discriminants.</summary>
/// <remarks>
/// For values instead of classes, S_B is the scatter of the rows explained linearly by the targets, C_xy·C_yy⁻¹·C_yx — the same matrix when the targets are
/// one-hot. Where there are no more rows than features everything is computed in the span of the rows.
/// </remarks>
public sealed class ClassDirections
{
    private ClassDirections(double[] mean, double[] values, double[] vectors, InputScale inputs, IReadOnlyList<string> warnings)
    {
        Mean = mean;
        Values = values;
        Vectors = vectors;
        Inputs = inputs;
        Warnings = warnings;
    }

    /// <summary>Features, d.</summary>
    public int Dimension => Mean.Length;

    /// <summary>The mean row, d values.</summary>
    public double[] Mean { get; }

    /// <summary>Eigenvalues, descending: variance of the class means along each direction (between-class), or its ratio to the variance within (discriminants).</summary>
    public double[] Values { get; }

    /// <summary>Directions as rows, <see cref="Values"/>.Length × d. Orthonormal for between-class; for discriminants the (shrunk) variance within the classes along each is 1.</summary>
    public double[] Vectors { get; }

    /// <summary>What a reader of the result should know.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>How many, of what dimension.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Values.Length} class directions of dimension {Dimension}");

    internal InputScale Inputs { get; }

    /// <summary>Fits the directions.</summary>
    /// <param name="rows">n×d rows, n ≥ 2, finite.</param>
    /// <param name="targets">n classes or values.</param>
    /// <param name="options">Kind, shrinkage, rows used; defaults when null.</param>
    /// <param name="progress">Told the percent of each decomposition done ("direct"): of the rows where there are no more of them than features, of the scatter within for discriminants, of the directions.</param>
    /// <param name="cancellationToken">Stops between blocks of rows and steps of the decompositions.</param>
    /// <exception cref="ArgumentException">There are fewer than two rows, rows and targets differ in number, or a value is NaN or infinite.</exception>
    public static ClassDirections Fit(IRowSource rows, Targets targets, ClassDirectionsOptions? options = null, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new();
        options.Check();
        ArgumentNullException.ThrowIfNull(targets);
        if ((long)targets.Outputs * targets.Outputs > Array.MaxLength)
            throw new ArgumentException($"The scatter of {targets.Outputs} targets does not fit an array; number classes from 0 on without gaps.", nameof(targets));
        RowSample sample = RowSample.Take(rows, targets, options.MaxRows, options.Seed, cancellationToken);
        if (sample.Count < 2)
            throw new ArgumentException($"Differences need at least two rows, not {sample.Count}.", nameof(rows));
        SpanCoordinates coordinates = SpanCoordinates.Of(sample.Rows, sample.Count, sample.Dimension, progress, cancellationToken);
        InputScale inputs = new(coordinates);
        double[] between = Explained(coordinates, sample);
        int k = between.Length / Math.Max(1, coordinates.Dimension), r = coordinates.Dimension;
        double[]? root = options.Kind == ClassDirectionsKind.Discriminant && k > 0 && inputs.TotalVariance > 0 ? InverseRootWithin(inputs, between, k, r, options.Shrinkage, progress, cancellationToken) : null;
        if (root is not null)
        {
            double[] white = new double[k * r];
            RowMajor.Multiply(between, root, white, k, r, r);
            between = white;
        }

        // S_B = BᵀB with B k×r and k ≤ c: its eigenvectors come from the k×k matrix BBᵀ.
        double[] gram = new double[k * k];
        RowMajor.MultiplyTransposed(between, between, gram, k, k, r);
        RowMajor.Symmetrize(gram, k);
        EigenPairs pairs = SymmetricEigen.Decompose(gram, k, null, DirectProgress.Of(progress), cancellationToken);
        int rank = k == 0 ? 0 : pairs.Values.Count(value => value > 1e-12 * pairs.Values[0]);
        double[] left = pairs.Vectors[..(rank * k)];
        for (int i = 0; i < left.Length; i++)
            left[i] /= Math.Sqrt(pairs.Values[i / k]);
        double[] directions = new double[rank * r];
        RowMajor.Multiply(left, between, directions, rank, r, k);
        if (root is not null)
        {
            double[] colored = new double[rank * r];
            RowMajor.Multiply(directions, root, colored, rank, r, r);
            directions = colored;
        }

        string[] warnings = rank == 0 ? ["The class means coincide: there are no directions."] : [];
        return new(coordinates.Mean, pairs.Values[..rank], coordinates.ToAmbient(directions, rank), inputs, warnings);
    }

    /// <summary>B with BᵀB = C_xy·C_yy⁺·C_yx, k×r: for one-hot targets the rows are combinations of √(n_k/n)(μ_k − μ).</summary>
    private static double[] Explained(SpanCoordinates coordinates, RowSample sample)
    {
        int n = sample.Count, c = sample.Outputs, r = coordinates.Dimension;
        double[] targets = [.. sample.TargetValues];
        RowMajor.Center(targets, n, c);
        double[] own = new double[c * c], cross = new double[c * r];
        RowMajor.TransposedMultiply(targets, targets, own, c, c, n, alpha: 1.0 / n);
        RowMajor.Symmetrize(own, c);
        RowMajor.TransposedMultiply(targets, coordinates.Rows, cross, c, r, n, alpha: 1.0 / n);
        EigenPairs pairs = SymmetricEigen.Decompose(own, c);
        // Centring leaves rounding behind where the targets are constant.
        double noise = 1e-24 * System.Numerics.Tensors.TensorPrimitives.SumOfSquares<double>(sample.TargetValues) / n;
        int rank = pairs.Values[0] > noise ? pairs.Values.Count(value => value > 1e-12 * pairs.Values[0]) : 0;
        double[] inverse = pairs.Vectors[..(rank * c)];
        for (int i = 0; i < inverse.Length; i++)
            inverse[i] /= Math.Sqrt(pairs.Values[i / c]);
        double[] explained = new double[rank * r];
        RowMajor.Multiply(inverse, cross, explained, rank, r, c);
        return explained;
    }

    /// <summary>S_W^−½ of the within-class scatter S_W = C − S_B, shrunk towards its mean eigenvalue.</summary>
    private static double[] InverseRootWithin(InputScale inputs, double[] between, int k, int r, double shrinkage, IProgress<SolverProgress>? progress, CancellationToken cancellationToken)
    {
        double[] within = [.. inputs.Covariance];
        RowMajor.TransposedMultiply(between, between, within, r, r, k, alpha: -1, beta: 1);
        RowMajor.Symmetrize(within, r);
        EigenPairs pairs = SymmetricEigen.Decompose(within, r, null, DirectProgress.Of(progress), cancellationToken);
        double mean = pairs.Values.Sum(value => Math.Max(0, value)) / r;
        if (!(mean > 1e-12 * inputs.TotalVariance / r))
            mean = inputs.TotalVariance / r;
        double[] scaled = [.. pairs.Vectors];
        for (int i = 0; i < scaled.Length; i++)
            scaled[i] *= Math.Pow(((1 - shrinkage) * Math.Max(0, pairs.Values[i / r])) + (shrinkage * mean), -0.5);
        double[] root = new double[r * r];
        RowMajor.TransposedMultiply(pairs.Vectors, scaled, root, r, r, r);
        RowMajor.Symmetrize(root, r);
        return root;
    }
}
