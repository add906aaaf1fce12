using System.Numerics;

namespace SpectralInit;

/// <summary>
/// The matrices inside a weight tensor that act apart from each other: the gates of a recurrent cell, the parts of a packed matrix, the groups of a convolution (one
/// matrix for each channel when depthwise); else the whole flattened matrix.
/// </summary>
/// <remarks>A matrix is read with its columns in storage order: neither norms nor radii of gates feel a permutation of kernel taps and channels.</remarks>
internal static class WeightBlocks
{
    /// <summary>The weights of another initializer in double: for float and Half those of its own floats.</summary>
    public static double[] Drawn<T>(IWeightInitializer initializer, WeightShape shape, ulong seed) =>
        typeof(T) == typeof(double) ? initializer.Create<double>(shape, seed) : Array.ConvertAll(initializer.Create<float>(shape, seed), static value => (double)value);

    public static int Count(WeightShape shape) => Math.Max(1, shape.Blocks * (shape.Kind is WeightKind.Convolution or WeightKind.TransposedConvolution or WeightKind.Depthwise ? shape.Groups : 1));

    public static int Rows(WeightShape shape) => shape.Rows / Count(shape);

    /// <summary>A block as a matrix, <see cref="Rows"/> × Columns row-major: where it lies, or a copy where the layout is another.</summary>
    public static ReadOnlySpan<T> Read<T>(ReadOnlySpan<T> weights, WeightShape shape, int block)
        where T : unmanaged
    {
        int rows = Rows(shape), columns = shape.Columns;
        if (IsContiguous(shape))
            return weights.Slice(block * rows * columns, rows * columns);

        T[] matrix = new T[rows * columns];
        for (int column = 0; column < columns; column++)
        {
            for (int row = 0; row < rows; row++)
                matrix[(row * columns) + column] = weights[(column * shape.Rows) + (block * rows) + row];
        }

        return matrix;
    }

    /// <summary>Copies to block <paramref name="block"/> a tensor of its own, stored in the order of <paramref name="shape"/>.</summary>
    public static void Write<T>(Span<T> weights, WeightShape shape, int block, ReadOnlySpan<T> part)
        where T : unmanaged
    {
        if (IsContiguous(shape))
        {
            part.CopyTo(weights[(block * part.Length)..]);
            return;
        }

        int rows = Rows(shape);
        for (int column = 0; column < shape.Columns; column++)
            part.Slice(column * rows, rows).CopyTo(weights[((column * shape.Rows) + (block * rows))..]);
    }

    /// <summary>Multiplies every element of a block by <paramref name="factor"/>.</summary>
    public static void Scale<T>(Span<T> weights, WeightShape shape, int block, double factor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!double.IsFinite(factor))
            throw new ArgumentException("The weights are too small to be scaled to the target; draw larger ones.", nameof(weights));
        int rows = Rows(shape), columns = shape.Columns;
        int runs = IsContiguous(shape) ? 1 : columns, length = IsContiguous(shape) ? rows * columns : rows;
        for (int run = 0; run < runs; run++)
        {
            int start = IsContiguous(shape) ? block * length : (run * shape.Rows) + (block * rows);
            foreach (ref T weight in weights.Slice(start, length))
                weight = T.CreateTruncating(double.CreateTruncating(weight) * factor);
        }
    }

    private static bool IsContiguous(WeightShape shape) => shape.Layout == WeightLayout.OutputsFirst || shape.Kind == WeightKind.Embedding;
}
