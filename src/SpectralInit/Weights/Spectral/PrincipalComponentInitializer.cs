using System.Numerics;

namespace SpectralInit;

/// <summary>Principal directions as weights: W = U_kᵀ, the leading eigenvectors of the data covariance as rows.</summary>
public sealed class PrincipalComponentInitializer : IWeightInitializer
{
    private readonly DataSpectrum _spectrum;

    /// <summary>Initializes from a fitted spectrum.</summary>
    /// <param name="spectrum">The spectrum of the layer's inputs.</param>
    public PrincipalComponentInitializer(DataSpectrum spectrum)
    {
        ArgumentNullException.ThrowIfNull(spectrum);
        _spectrum = spectrum;
    }

    /// <inheritdoc/>
    public void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightGuard.Check<T>(weights, shape);
        if (shape.Columns != _spectrum.Dimension)
            throw new ArgumentException($"The layer has {shape.Columns} inputs, the spectrum {_spectrum.Dimension} features.", nameof(shape));
        if (shape.Rows > _spectrum.Components.Count)
            throw new ArgumentException($"The layer has {shape.Rows} outputs, the spectrum {_spectrum.Components.Count} components.", nameof(shape));
        for (int row = 0; row < shape.Rows; row++)
        {
            for (int column = 0; column < shape.Columns; column++)
            {
                int index = shape.Layout == WeightLayout.OutputsFirst ? (row * shape.Columns) + column : (column * shape.Rows) + row;
                weights[index] = T.CreateTruncating(_spectrum.Components.Vectors[(row * shape.Columns) + column]);
            }
        }
    }
}
