using System.Numerics;
using SpectralInit.Kernels;

namespace SpectralInit.Tests.Kernels;

/// <summary>
/// Kernels load whole vectors, of data whose length is none of theirs: none may touch memory beyond what it was given, and where the data lies may
/// change no bit. A load or store beyond ends the process of the tests.
/// </summary>
public sealed class GuardPageTests
{
    private const int Room = 3 << 20;

    private static readonly int[] s_columns = [.. Enumerable.Range(1, 40), 48, 63, 64, 65, 66, 96, 127, 128, 129];

    private static readonly int[] s_rows = [1, 2, 15, 16, 17, 255, 256, 257, 1000];

    [GuardedFact]
    public void Chunks_of_short_rows_end_where_they_end()
    {
        foreach (int d in s_columns.Where(ShortRows.Suit))
        {
            int chunk = ShortRows.ChunkRows(d);
            foreach (int rows in (int[])[.. s_rows.Where(rows => rows < chunk), chunk - 1, chunk])
            {
                Scatter(Values<float>(rows * d), d);
                Scatter(Values<double>(rows * d), d);
            }
        }

        static void Scatter<T>(T[] rows, int d)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => SameAnywhere<T>(rows, memory =>
        {
            using ShortRowChunk chunk = new(d);
            using ScatterState state = new(d, 1);
            chunk.Add(memory, state, 0, nameof(rows));
            return [.. state.Mean(), .. Enumerable.Range(0, d).SelectMany(i => state.Part(i, i).ToArray())];
        });
    }

    [GuardedFact]
    public void Covariances_read_their_rows_alone()
    {
        foreach (int d in s_columns)
        {
            // Rows of a whole chunk are read where they lie, and the last chunk then ends with the data.
            int chunk = ScatterStream.ChunkRows(d);
            foreach (int rows in (int[])[.. s_rows, chunk, 2 * chunk])
            {
                SameAnywhere<float>(Values<float>(rows * d), memory => Covariance.Of(memory, d, CovarianceNormalization.MaximumLikelihood).Values);
                SameAnywhere<double>(Values<double>(rows * d), memory => Covariance.Of(memory, d, CovarianceNormalization.MaximumLikelihood).Values);
            }
        }
    }

    [GuardedFact]
    public void Norms_read_their_matrix_alone()
    {
        SpectralNormOptions lanczos = new() { Method = SpectralNormMethod.Lanczos };
        foreach ((int m, int n) in new[] { (1, 1), (1, 7), (7, 1), (5, 3), (33, 40), (40, 33), (63, 65), (190, 66), (67, 129) })
        {
            foreach (SpectralNormOptions? options in new[] { null, lanczos })
            {
                SameAnywhere<float>(Values<float>(m * n), memory => Evidence(SpectralNorm.Of(memory, m, n, options)));
                SameAnywhere<double>(Values<double>(m * n), memory => Evidence(SpectralNorm.Of(memory, m, n, options)));
            }
        }

        // Large ones take a copy of 16 bits.
        foreach ((int m, int n) in new[] { (257, 259), (273, 288), (260, 301) })
        {
            SpectralNormOptions options = new() { DirectLimit = 200 };
            SameAnywhere<float>(Values<float>(m * n), memory => Evidence(SpectralNorm.OfDense<float>(memory, m, n, options, quantizedFrom: 0)));
        }

        static double[] Evidence(SpectralNormResult result) => [result.Value, result.Upper, result.Iterations];
    }

    [GuardedFact]
    public void Decompositions_read_their_matrix_alone()
    {
        foreach (int n in s_columns.Where(n => n is < 20 or 32 or 33 or 63 or 66 or 129))
        {
            double[] square = Values<double>(n * n), symmetric = [.. square];
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < i; j++)
                    symmetric[(i * n) + j] = symmetric[(j * n) + i];
            }

            SameAnywhere<double>(symmetric, memory => SymmetricEigen.Values(memory, n));
            SameAnywhere<double>(symmetric, memory => SymmetricEigen.Decompose(memory, n, Math.Min(n, 3)).Vector(0).ToArray());
            SameAnywhere<double>(symmetric, memory => [.. PowerIteration.Run(memory, n).LogNorms]);
            SameAnywhere<double>(square, memory => [SpectralRadius.Of(memory, n).Value]);
            SameAnywhere<double>(Values<double>(n * (n + 3)), memory => SingularValueDecomposition.Decompose(memory, n, n + 3).Values.ToArray());
        }
    }

    [GuardedFact]
    public void Products_touch_their_operands_alone()
    {
        foreach ((int m, int n, int k) in new[] { (1, 1, 1), (1, 70, 33), (70, 1, 33), (5, 7, 3), (9, 25, 17), (17, 49, 65), (31, 33, 257), (3, 129, 40), (129, 3, 40), (66, 67, 129), (5, 7, 4096), (1, 900, 130), (1500, 1, 90) })
        {
            for (int transposes = 0; transposes < 4; transposes++)
            {
                Product<float>(m, n, k, (transposes & 1) != 0, (transposes & 2) != 0);
                Product<double>(m, n, k, (transposes & 1) != 0, (transposes & 2) != 0);
            }
        }
    }

    [GuardedFact]
    public void Operators_and_fills_write_their_output_alone()
    {
        using GuardedMemory input = new(Room), output = new(Room);
        foreach (int n in s_columns)
        {
            int m = n + (n % 5);
            DenseOperator matrix = new(Values<double>(m * n), m, n);
            double[] x = Values<double>(n), y = new double[m], back = new double[n], drawn = new double[n];
            matrix.Apply(x, y);
            matrix.ApplyTranspose(y, back);
            RandomFill.Normal<double>(drawn, 0, 1, 7);
            foreach (bool end in new[] { false, true })
            {
                Span<double> image = Place(output, new double[m], end), preimage = Place(input, new double[n], end);
                matrix.Apply(Place(input, x, end), image);
                image.SequenceEqual(y).Should().BeTrue();
                matrix.ApplyTranspose(image, preimage);
                preimage.SequenceEqual(back).Should().BeTrue();
                Span<double> filled = Place(input, new double[n], end);
                RandomFill.Normal(filled, 0, 1, 7);
                filled.SequenceEqual(drawn).Should().BeTrue();
            }
        }
    }

    private delegate double[] Measure<T>(ReadOnlySpan<T> memory);

    // The same bits from an array as from memory that ends, and from memory that begins, where nobody may read on.
    private static void SameAnywhere<T>(T[] values, Measure<T> measure)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using GuardedMemory memory = new(Room);
        double[] expected = measure(values);
        measure(memory.AtEnd<T>(values)).AsSpan().SequenceEqual(expected).Should().BeTrue($"{values.Length} values of {typeof(T).Name} at the end");
        measure(memory.AtStart<T>(values)).AsSpan().SequenceEqual(expected).Should().BeTrue($"{values.Length} values of {typeof(T).Name} at the start");
    }

    private static unsafe void Product<T>(int m, int n, int k, bool transposeA, bool transposeB)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using GuardedMemory left = new(Room), right = new(Room), product = new(Room);
        T[] a = Values<T>(m * k), b = Values<T>(k * n), c = Values<T>(m * n), expected = [.. c];
        fixed (T* pa = a, pb = b, pc = expected)
            MatrixProduct.Multiply(transposeA, transposeB, m, n, k, T.One, pa, transposeA ? m : k, pb, transposeB ? k : n, T.One, pc, n);
        foreach (bool end in new[] { false, true })
        {
            Span<T> placed = Place(product, c, end);
            fixed (T* pa = Place(left, a, end), pb = Place(right, b, end), pc = placed)
                MatrixProduct.Multiply(transposeA, transposeB, m, n, k, T.One, pa, transposeA ? m : k, pb, transposeB ? k : n, T.One, pc, n);
            placed.SequenceEqual(expected).Should().BeTrue($"{m}×{n}×{k} of {typeof(T).Name}");
        }
    }

    private static Span<T> Place<T>(GuardedMemory memory, T[] values, bool end)
        where T : unmanaged => end ? memory.AtEnd<T>(values) : memory.AtStart<T>(values);

    private static T[] Values<T>(int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] values = new T[count];
        RandomFill.Normal<T>(values, 0.3, 1, 5);
        return values;
    }
}
