using System.Numerics;

namespace SpectralInit;

/// <summary>
/// ZerO initialization, without random numbers: a partial identity where a layer does not widen, and a Hadamard transform between two partial identities
/// where it does. Zhao, Schäfer and Anandkumar, "ZerO initialization: initializing neural networks with only zeros and ones", TMLR 2022.
/// </summary>
/// <remarks>
/// Widening from m inputs, W = I*·H·I* / 2^(c/2) with H the 2^c×2^c Hadamard matrix, c = ⌈log₂ of the wider side⌉: then H/2^(c/2) is orthogonal
/// and rows are distinct. A convolution has the same matrix at the centre of its kernel (index ⌊k/2⌋ on every axis) and zeros elsewhere. The seed is ignored.
/// </remarks>
public sealed class HadamardInitializer : IWeightInitializer
{
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The destination has the wrong length, or the shape is an embedding, transposed or grouped.</exception>
    public void Initialize<T>(Span<T> weights, WeightShape shape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightGuard.Check<T>(weights, shape);
        FeatureShape.Check(shape, shape.Columns);
        weights.Clear();
        if (shape.Count == 0)
            return;
        int outputs = shape.Rows / shape.Blocks, inputs = shape.Inputs, taps = shape.KernelSize, center = 0;
        foreach (int size in shape.Kernel)
            center = (center * size) + (size / 2);
        int order = BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)Math.Max(inputs, outputs)));
        double scale = Math.Pow(2, -0.5 * order);
        double[] row = new double[shape.Columns];
        for (int unit = 0; unit < shape.Rows; unit++)
        {
            int i = unit % outputs;
            Array.Clear(row);
            for (int j = 0; j < inputs; j++)
            {
                double value = outputs > inputs ? (BitOperations.PopCount((uint)(i & j)) & 1) == 0 ? scale : -scale : i == j ? 1 : 0;
                row[(j * taps) + center] = value;
            }

            WeightMatrix.WriteRows(unit, row, shape, weights);
        }
    }
}
