using System.Numerics;
using System.Numerics.Tensors;

namespace SpectralInit;

/// <summary>
/// Cluster directions as weights: row i is centroid i carried back through the whitening, w = c·W_zca, scaled to unit length times a gain; on images
/// these are edge and blob filters (Coates and Ng 2012; Krähenbühl et al., "Data-dependent initializations of convolutional neural networks", ICLR 2016, §3).
/// </summary>
/// <remarks>Does not depend on the seed of the call, only on that of the clustering. The bias −W·μ centres.</remarks>
public sealed class SphericalKMeansInitializer : IBiasInitializer
{
    private readonly SphericalKMeans _clusters;
    private readonly double _gain;

    /// <summary>Initializes from fitted clusters.</summary>
    /// <param name="clusters">Clusters of the layer's inputs or patches.</param>
    /// <param name="gain">Length of every row, positive. Default: 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="gain"/> is not a positive number.</exception>
    public SphericalKMeansInitializer(SphericalKMeans clusters, double gain = 1)
    {
        ArgumentNullException.ThrowIfNull(clusters);
        if (!(gain > 0 && double.IsFinite(gain)))
            throw new ArgumentOutOfRangeException(nameof(gain), gain, "The gain must be a positive number.");
        _clusters = clusters;
        _gain = gain;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The destination has the wrong length, the inputs are not the clustered features, or the layer has more outputs than there are clusters.</exception>
    public void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightGuard.Check<T>(weights, shape);
        FeatureShape.Check(shape, _clusters.Dimension);
        if (shape.Count == 0)
            return;
        int units = shape.Rows / shape.Blocks, d = _clusters.Dimension;
        if (units > _clusters.Sizes.Count)
            throw new ArgumentException($"The layer has {units} outputs, the clustering {_clusters.Sizes.Count} clusters. Fit with Clusters = {units}.", nameof(shape));

        double[] rows = _clusters.Centroids.AsSpan(0, units * d).ToArray();
        if (_clusters.Whitening is Whitening whitening)
            RowMajor.Multiply(_clusters.Centroids.AsSpan(0, units * d), whitening.Matrix, rows, units, d, d);
        for (int i = 0; i < units; i++)
        {
            Span<double> row = rows.AsSpan(i * d, d);
            double largest = Math.Abs(TensorPrimitives.MaxMagnitude<double>(row));
            if (largest == 0)
                continue;
            TensorPrimitives.Divide(row, largest, row);
            TensorPrimitives.Multiply(row, _gain / TensorPrimitives.Norm<double>(row), row);
        }

        for (int block = 0; block < shape.Blocks; block++)
            WeightMatrix.WriteRows(block * units, rows, shape, weights);
    }

    /// <inheritdoc/>
    public void InitializeBias<T>(Span<T> bias, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => CenteringBias.Fill(this, _clusters.Mean, bias, shape, seed);
}
