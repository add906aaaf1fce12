using System.Numerics;
using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace SpectralInit;

/// <summary>Makes row sources of what you have: arrays, memory, MathNet matrices, tensors, enumerables, bytes.</summary>
/// <remarks>
/// Elements are float, double or Half. Arrays, memory, matrices and tensors are not copied: do not change them while they are read.
/// For files see <see cref="NpyFile"/> and <see cref="IdxFile"/>, for patches of images <see cref="PatchSource"/>.
/// </remarks>
public static class RowSource
{
    /// <summary>Rows stored one after the other.</summary>
    /// <typeparam name="T">float, double or Half.</typeparam>
    /// <param name="values">n·d values, row-major.</param>
    /// <param name="columns">Features per row, d ≥ 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="columns"/> is less than 1.</exception>
    /// <exception cref="ArgumentException">The length is not a multiple of <paramref name="columns"/>.</exception>
    public static IRowSource From<T>(ReadOnlyMemory<T> values, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new MemoryRowSource<T>(values, columns);

    /// <inheritdoc cref="From{T}(ReadOnlyMemory{T}, int)"/>
    public static IRowSource From<T>(T[] values, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(values);
        return new MemoryRowSource<T>(values, columns);
    }

    /// <summary>The rows of a two-dimensional array.</summary>
    /// <typeparam name="T">float, double or Half.</typeparam>
    /// <param name="rows">n × d values, d ≥ 1.</param>
    /// <exception cref="ArgumentException">The array has no columns.</exception>
    public static IRowSource From<T>(T[,] rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(rows);
        CheckElement<T>();
        CheckColumns(rows.GetLength(1), nameof(rows));
        return new GridRowSource<T>(rows);
    }

    /// <summary>One array per row.</summary>
    /// <typeparam name="T">float, double or Half.</typeparam>
    /// <param name="rows">At least one row, all of one length d ≥ 1.</param>
    /// <exception cref="ArgumentException">There is no row, or a row is null or of another length.</exception>
    public static IRowSource From<T>(T[][] rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(rows);
        CheckElement<T>();
        return new JaggedRowSource<T>(rows);
    }

    /// <summary>The rows of a MathNet matrix, dense or sparse.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="rows">n × d values, d ≥ 1.</param>
    /// <exception cref="ArgumentException">The matrix has no columns.</exception>
    public static IRowSource From<T>(Matrix<T> rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(rows);
        CheckElement<T>();
        CheckColumns(rows.ColumnCount, nameof(rows));
        return new MatrixRowSource<T>(rows);
    }

    /// <summary>A tensor whose first axis counts the rows; further axes are flattened into the features. Strided tensors are read too.</summary>
    /// <typeparam name="T">float, double or Half.</typeparam>
    /// <param name="rows">[n, …] values with at least one feature; [n] is n rows of one feature.</param>
    /// <exception cref="ArgumentException">The tensor has no axis, or no feature.</exception>
    public static IRowSource From<T>(Tensor<T> rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(rows);
        CheckElement<T>();
        if (rows.Rank == 0)
            throw new ArgumentException("A tensor without axes has no rows; give it the shape [n, d].", nameof(rows));
        return new TensorRowSource<T>(rows);
    }

    /// <summary>
    /// An enumerable of rows that starts afresh whenever it is enumerated (a list, a LINQ query, an iterator method). For a source that
    /// runs dry use <see cref="Once{T}(IEnumerable{T[]}, int)"/>. A row may be reused by the enumerable for the next one.
    /// </summary>
    /// <typeparam name="T">float, double or Half.</typeparam>
    /// <param name="rows">Rows of one length d ≥ 1. The first is fetched at once, to learn d.</param>
    /// <exception cref="ArgumentException">There is no row, or the first is null or empty. A later row of another length is reported while reading.</exception>
    public static IRowSource From<T>(IEnumerable<T[]> rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(rows);
        CheckElement<T>();
        T[] first = rows.FirstOrDefault()
            ?? throw new ArgumentException("There is no first row, so the number of features is unknown; pass a flat array and its columns.", nameof(rows));
        CheckColumns(first.Length, nameof(rows));
        return new EnumerableRowSource<T>(rows, first.Length, once: false);
    }

    /// <summary>An enumerable of rows that can be read only once: a queue, a socket, a database reader. What needs two passes says so.</summary>
    /// <typeparam name="T">float, double or Half.</typeparam>
    /// <param name="rows">Rows of <paramref name="columns"/> values; nothing is fetched before the rows are read.</param>
    /// <param name="columns">Features per row, d ≥ 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="columns"/> is less than 1.</exception>
    public static IRowSource Once<T>(IEnumerable<T[]> rows, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(rows);
        CheckElement<T>();
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        return new EnumerableRowSource<T>(rows, columns, once: true);
    }

    /// <summary>Rows of bytes, such as images; every value is multiplied by <paramref name="scale"/> in double.</summary>
    /// <param name="values">n·d bytes, row-major.</param>
    /// <param name="columns">Features per row, d ≥ 1.</param>
    /// <param name="scale">Factor; 1 (default) keeps 0 … 255, <c>1.0 / 255</c> gives 0 … 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="columns"/> is less than 1, or the scale is zero or not finite.</exception>
    /// <exception cref="ArgumentException">The length is not a multiple of <paramref name="columns"/>.</exception>
    public static IRowSource From(ReadOnlyMemory<byte> values, int columns, double scale = 1)
    {
        ElementFormat.CheckScale(scale);
        return new ByteRowSource(values, columns, scale);
    }

    /// <inheritdoc cref="From(ReadOnlyMemory{byte}, int, double)"/>
    public static IRowSource From(byte[] values, int columns, double scale = 1)
    {
        ArgumentNullException.ThrowIfNull(values);
        return From((ReadOnlyMemory<byte>)values, columns, scale);
    }

    /// <summary>Reads all rows into a new array, row-major.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="source">The rows; n·d must fit an array.</param>
    /// <exception cref="InvalidOperationException">The rows do not fit one array, are not as many as the source says, or can be read only once and have been.</exception>
    public static T[] ToArray<T>(this IRowSource source)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RowReading.Check(source);
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
            throw new NotSupportedException($"Rows are read as float or double, not {typeof(T).Name}.");

        // What rows in memory or a mapped file say is there; a stream, whose header may promise anything, is believed as it comes. One more row finds the end.
        long few = 1 + ((1 << 20) / source.Columns), expected = Math.Min(source.RowCount ?? few, source is IndexedRowSource ? long.MaxValue : few);
        T[] values = new T[Length(expected)], last = new T[source.Columns];
        long rows = 0;
        using IRowReader reader = source.Begin();
        while (true)
        {
            bool full = rows * source.Columns == values.Length;
            int read = reader.Next(full ? last : values.AsSpan((int)(rows * source.Columns)), source.Columns);
            if (read == 0)
                break;
            if (full)
            {
                Array.Resize(ref values, Length(Math.Max(rows + 1, Math.Min(2 * rows, source.RowCount ?? long.MaxValue))));
                last.CopyTo(values.AsSpan((int)(rows * source.Columns)));
            }

            rows += read;
        }

        source.CheckEnd(rows);
        Array.Resize(ref values, Length(rows));
        return values;

        int Length(long count) => count <= Array.MaxLength / source.Columns
            ? (int)(count * source.Columns)
            : throw new InvalidOperationException($"{count} rows of {source.Columns} do not fit one array; stream them through Open instead.");
    }

    internal static void CheckElement<T>()
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double) && typeof(T) != typeof(Half))
            throw new NotSupportedException($"Rows are float, double or Half, not {typeof(T).Name}.");
    }

    private static void CheckColumns(int columns, string parameter)
    {
        if (columns < 1)
            throw new ArgumentException("Rows need at least one feature.", parameter);
    }
}
