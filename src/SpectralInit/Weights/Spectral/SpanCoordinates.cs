namespace SpectralInit;

/// <summary>
/// Centred rows, in coordinates as short as the rows allow: where n ≤ d, the rows span at most n − 1 dimensions, and everything that depends
/// on distances and inner products alone (kernels, gradients, covariances) can be computed there and mapped back. Nothing is ever d×d then.
/// </summary>
internal sealed class SpanCoordinates
{
    private SpanCoordinates(int count, int dimension, int ambient, double[] mean, double[] rows, double[]? basis)
    {
        Count = count;
        Dimension = dimension;
        Ambient = ambient;
        Mean = mean;
        Rows = rows;
        Basis = basis;
    }

    public int Count { get; }

    /// <summary>Length of the coordinates, r.</summary>
    public int Dimension { get; }

    /// <summary>Length of the original rows, d.</summary>
    public int Ambient { get; }

    /// <summary>The mean row, d values.</summary>
    public double[] Mean { get; }

    /// <summary>The centred rows in coordinates, n×r.</summary>
    public double[] Rows { get; }

    /// <summary>Orthonormal directions of the coordinates, r×d; null when the coordinates are the original ones.</summary>
    public double[]? Basis { get; }

    public static SpanCoordinates Of(ReadOnlySpan<double> rows, int count, int dimension, IProgress<SolverProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        double[] centered = rows.ToArray();
        double[] mean = RowMajor.Center(centered, count, dimension);
        if (count > dimension)
            return new(count, dimension, dimension, mean, centered, null);

        double[] gram = new double[count * count];
        RowMajor.MultiplyTransposed(centered, centered, gram, count, count, dimension);
        RowMajor.Symmetrize(gram, count);
        EigenPairs pairs = SymmetricEigen.Decompose(gram, count, null, DirectProgress.Of(progress), cancellationToken);
        double floor = pairs.Count == 0 ? 0 : Math.Max(0, pairs.Values[0]) * count * 1e-15;
        int rank = pairs.Values.Count(value => value > floor);
        double[] coordinates = new double[count * rank];
        double[] inverse = new double[rank * count];
        for (int i = 0; i < rank; i++)
        {
            double singular = Math.Sqrt(pairs.Values[i]);
            for (int j = 0; j < count; j++)
            {
                coordinates[(j * rank) + i] = pairs.Vector(i)[j] * singular;
                inverse[(i * count) + j] = pairs.Vector(i)[j] / singular;
            }
        }

        double[] basis = new double[rank * dimension];
        RowMajor.Multiply(inverse, centered, basis, rank, dimension, count);
        return new(count, rank, dimension, mean, coordinates, basis);
    }

    /// <summary>Maps directions (rows, k×r) to the original features, k×d.</summary>
    public double[] ToAmbient(double[] directions, int count)
    {
        if (Basis is null)
            return directions;
        double[] mapped = new double[count * Ambient];
        RowMajor.Multiply(directions, Basis, mapped, count, Ambient, Dimension);
        return mapped;
    }

    /// <summary>Covariance of the coordinates (divided by n), r×r.</summary>
    public double[] Covariance()
    {
        double[] covariance = new double[Dimension * Dimension];
        RowMajor.TransposedMultiply(Rows, Rows, covariance, Dimension, Dimension, Count, alpha: 1.0 / Count);
        RowMajor.Symmetrize(covariance, Dimension);
        return covariance;
    }
}
