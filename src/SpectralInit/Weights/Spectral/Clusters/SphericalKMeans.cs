using System.Numerics.Tensors;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>
/// Spherical k-means: unit rows grouped by direction, each centroid the normalized mean of its rows (Dhillon and Modha, "Concept decompositions
/// for large sparse text data using clustering", Machine Learning 42, 2001; on whitened image patches Coates and Ng, 2012).
/// </summary>
/// <remarks>First centroids by k-means++ (Arthur and Vassilvitskii, 2007) with a seeded draw. A cluster that loses all rows takes the row farthest from its centroid.</remarks>
public sealed class SphericalKMeans
{
    private SphericalKMeans(int dimension, double[] centroids, int[] sizes, double inertia, int iterations, bool converged, Whitening? whitening, double[] mean)
    {
        Dimension = dimension;
        Centroids = centroids;
        Sizes = sizes;
        Inertia = inertia;
        Iterations = iterations;
        Converged = converged;
        Whitening = whitening;
        Mean = mean;
    }

    /// <summary>Features per row, d.</summary>
    public int Dimension { get; }

    /// <summary>Unit centroids in the whitened space, clusters × d row-major, the largest cluster first.</summary>
    public double[] Centroids { get; }

    /// <summary>Rows in each cluster.</summary>
    public IReadOnlyList<int> Sizes { get; }

    /// <summary>Σ ‖x − c(x)‖² over the sampled unit rows: 2·(n − Σ cosine).</summary>
    public double Inertia { get; }

    /// <summary>Rounds done.</summary>
    public int Iterations { get; }

    /// <summary>True when the last round changed no row's cluster.</summary>
    public bool Converged { get; }

    /// <summary>The whitening before clustering; null without.</summary>
    public Whitening? Whitening { get; }

    /// <summary>Mean of the rows, d values: what centring subtracts.</summary>
    public double[] Mean { get; }

    /// <summary>Clusters, their dimension and inertia.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Sizes.Count} clusters of dimension {Dimension}, inertia {Inertia:G4}{(Converged ? "" : ", not converged")}");

    /// <summary>Clusters the directions of rows.</summary>
    /// <param name="rows">Rows, for example the patches of images (<see cref="PatchSource"/>). Read twice when whitened: it must be readable again.</param>
    /// <param name="options">Clusters, sample, whitening; defaults when null.</param>
    /// <param name="progress">Told the number of finished rounds.</param>
    /// <param name="cancellationToken">Stops between blocks of rows and rounds.</param>
    /// <exception cref="ArgumentException">An option is out of range, a value is not finite, or fewer rows with a direction than clusters.</exception>
    public static SphericalKMeans Fit(IRowSource rows, SphericalKMeansOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        RowReading.Check(rows);
        options ??= new();
        options.Check();
        return Fit(rows, options, out int directions, progress, cancellationToken)
            ?? throw new ArgumentException($"{options.Clusters} clusters need as many rows that are not zero; there are {directions}.", nameof(rows));
    }

    /// <summary>Null where there are fewer rows with a direction than clusters.</summary>
    internal static SphericalKMeans? Fit(IRowSource rows, SphericalKMeansOptions options, out int directions, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        int d = rows.Columns;
        double[] sample = BottomSample.Take(rows, options.SampleRows, options.Seed, cancellationToken);
        if (Finite.FirstNot(sample) is int bad and >= 0)
            throw new ArgumentException($"A sampled row has {sample[bad]} in column {bad % d}; all values must be finite.", nameof(rows));

        Whitening? whitening = null;
        double[] mean;
        if (options.Whiten)
        {
            whitening = Whitening.Fit(rows, new WhiteningOptions { Kind = WhiteningKind.ZeroPhase, Regularization = options.WhiteningRegularization }, cancellationToken: cancellationToken);
            mean = whitening.Mean;
            double[] white = new double[sample.Length];
            whitening.Transform(sample, white);
            sample = white;
        }
        else
        {
            mean = new double[d];
            for (int at = 0; at < sample.Length; at += d)
                TensorPrimitives.Add(mean, sample.AsSpan(at, d), mean);
            TensorPrimitives.Divide(mean, Math.Max(1, sample.Length / d), mean);
        }

        directions = KeepUnitRows(sample, d);
        return directions < options.Clusters ? null : Cluster(sample, directions, d, options, whitening, mean, progress, cancellationToken);
    }

    private static unsafe SphericalKMeans Cluster(double[] unit, int count, int d, SphericalKMeansOptions options, Whitening? whitening, double[] mean, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        int k = options.Clusters;
        double[] centroids = PlusPlus(unit, count, d, k, options.Seed);
        int[] cluster = new int[count];
        Array.Fill(cluster, -1);
        double[] cosine = new double[count];
        int[] sizes = new int[k];
        bool changed = true;
        int round = 0;
        for (; changed && round < options.MaxIterations; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            changed = Assign(unit, count, d, centroids, k, cluster, cosine);
            if (changed)
                Update(unit, count, d, centroids, k, cluster, cosine, sizes);
            progress?.Report(round + 1);
        }

        // The centroids moved after the last assignment when the cap ended the loop.
        if (changed)
            Assign(unit, count, d, centroids, k, cluster, cosine);
        Array.Clear(sizes);
        foreach (int c in cluster)
            sizes[c]++;
        int[] order = [.. Enumerable.Range(0, k).OrderByDescending(c => sizes[c])];
        double[] sorted = new double[k * d];
        for (int c = 0; c < k; c++)
            centroids.AsSpan(order[c] * d, d).CopyTo(sorted.AsSpan(c * d));
        double inertia = 2 * (count - TensorPrimitives.Sum<double>(cosine));
        return new SphericalKMeans(d, sorted, [.. order.Select(c => sizes[c])], inertia, round, !changed, whitening, mean);
    }

    // Block after block: cosines to all centroids by one matrix product, then the largest.
    private static unsafe bool Assign(double[] unit, int count, int d, double[] centroids, int k, int[] cluster, double[] cosine)
    {
        const int Block = 1024;
        int changes = 0;
        Parallelism.Run((count + Block - 1) / Block, part =>
        {
            int first = part * Block, rows = Math.Min(Block, count - first);
            double[] products = new double[rows * k];
            fixed (double* px = unit, pc = centroids, pp = products)
                MatrixProduct.Multiply(false, true, rows, k, d, 1.0, px + ((nint)first * d), d, pc, d, 0.0, pp, k);
            for (int row = 0; row < rows; row++)
            {
                int best = TensorPrimitives.IndexOfMax<double>(products.AsSpan(row * k, k));
                cosine[first + row] = products[(row * k) + best];
                if (cluster[first + row] != best)
                    Interlocked.Increment(ref changes);
                cluster[first + row] = best;
            }
        });
        return changes > 0;
    }

    private static void Update(double[] unit, int count, int d, double[] centroids, int k, int[] cluster, double[] cosine, int[] sizes)
    {
        Array.Clear(centroids);
        Array.Clear(sizes);
        for (int row = 0; row < count; row++)
        {
            Span<double> sum = centroids.AsSpan(cluster[row] * d, d);
            TensorPrimitives.Add(sum, unit.AsSpan(row * d, d), sum);
            sizes[cluster[row]]++;
        }

        for (int c = 0; c < k; c++)
        {
            Span<double> centroid = centroids.AsSpan(c * d, d);
            double norm = TensorPrimitives.Norm<double>(centroid);
            if (sizes[c] > 0 && norm > 1e-12 * sizes[c])
            {
                TensorPrimitives.Divide(centroid, norm, centroid);
                continue;
            }

            // Empty, or its rows cancel: start again from the row worst served, which no other cluster takes in this round.
            int farthest = TensorPrimitives.IndexOfMin<double>(cosine);
            unit.AsSpan(farthest * d, d).CopyTo(centroid);
            cosine[farthest] = double.PositiveInfinity;
        }
    }

    private static double[] PlusPlus(double[] unit, int count, int d, int k, ulong seed)
    {
        double[] draws = new double[k];
        RandomFill.Uniform<double>(draws, 0, 1, Seeds.Derive(seed, "k-means++"));
        double[] centroids = new double[k * d];
        double[] distance = new double[count];
        Array.Fill(distance, double.PositiveInfinity);
        int chosen = Math.Min(count - 1, (int)(draws[0] * count));
        for (int c = 0; ; c++)
        {
            ReadOnlySpan<double> centroid = unit.AsSpan(chosen * d, d);
            centroid.CopyTo(centroids.AsSpan(c * d));
            if (c == k - 1)
                return centroids;

            double total = 0;
            for (int row = 0; row < count; row++)
            {
                distance[row] = Math.Min(distance[row], Math.Max(0, 2 - (2 * TensorPrimitives.Dot(centroid, unit.AsSpan(row * d, d)))));
                total += distance[row];
            }

            // The row where the running sum passes the draw; the first row not yet covered when all are.
            double target = draws[c + 1] * total;
            chosen = 0;
            for (double sum = distance[0]; sum <= target && chosen < count - 1; sum += distance[chosen])
                chosen++;
        }
    }

    // Normalizes rows in place and moves those that have a direction to the front.
    private static int KeepUnitRows(double[] rows, int d)
    {
        int count = 0;
        for (int at = 0; at < rows.Length; at += d)
        {
            ReadOnlySpan<double> row = rows.AsSpan(at, d);
            double largest = Math.Abs(TensorPrimitives.MaxMagnitude(row));
            if (largest == 0)
                continue;
            Span<double> kept = rows.AsSpan(count * d, d);
            TensorPrimitives.Divide(row, largest, kept);
            TensorPrimitives.Divide(kept, TensorPrimitives.Norm<double>(kept), kept);
            count++;
        }

        return count;
    }
}
