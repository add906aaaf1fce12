using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace SpectralInit.Tests.Data;

public class RowSourceTests
{
    private const int Rows = 37;
    private const int Columns = 19;
    private static readonly double[] s_values = [.. Enumerable.Range(0, Rows * Columns).Select(i => Math.Sin(i) * 100)];
    private static readonly float[] s_floats = Array.ConvertAll(s_values, value => (float)value);
    private static readonly byte[] s_bytes = [.. Enumerable.Range(0, Rows * Columns).Select(i => (byte)(i * 7))];

    public static TheoryData<string> Sources => [.. s_sources.Keys];

    private static readonly Dictionary<string, (Func<IRowSource> Make, double[] Expected, bool Single)> s_sources = new()
    {
        ["flat double"] = (() => RowSource.From(s_values, Columns), s_values, false),
        ["flat float"] = (() => RowSource.From(s_floats, Columns), Widen(s_floats), true),
        ["flat Half"] = (() => RowSource.From(Array.ConvertAll(s_values, value => (Half)value), Columns), [.. s_values.Select(value => (double)(Half)value)], true),
        ["memory"] = (() => RowSource.From<double>(((double[])[9, .. s_values]).AsMemory(1), Columns), s_values, false),
        ["grid double"] = (() => RowSource.From(Grid(s_values)), s_values, false),
        ["grid float"] = (() => RowSource.From(Grid(s_floats)), Widen(s_floats), true),
        ["jagged double"] = (() => RowSource.From(s_values.Chunk(Columns).ToArray()), s_values, false),
        ["jagged float"] = (() => RowSource.From(s_floats.Chunk(Columns).ToArray()), Widen(s_floats), true),
        ["MathNet dense"] = (() => RowSource.From(Matrix<double>.Build.DenseOfRowMajor(Rows, Columns, s_values)), s_values, false),
        ["MathNet dense float"] = (() => RowSource.From(Matrix<float>.Build.DenseOfRowMajor(Rows, Columns, s_floats)), Widen(s_floats), true),
        ["MathNet sparse"] = (() => RowSource.From(Matrix<double>.Build.SparseOfRowMajor(Rows, Columns, s_values)), s_values, false),
        ["tensor"] = (() => RowSource.From(Tensor.Create(s_values, [Rows, Columns])), s_values, false),
        ["tensor of three axes"] = (() => RowSource.From(Tensor.Create([.. s_floats, .. s_floats], [Rows, 2, Columns])), Widen([.. s_floats, .. s_floats]), true),
        ["strided tensor"] = (() => RowSource.From(Tensor.Create([.. s_values.Chunk(Columns).SelectMany(row => row.Concat([-1, -2]))], [Rows, Columns + 2])[.., 0..Columns]), s_values, false),
        ["list"] = (() => RowSource.From(s_values.Chunk(Columns).ToList()), s_values, false),
        ["generator"] = (() => RowSource.From(Generate()), s_values, false),
        ["once"] = (() => RowSource.Once(s_floats.Chunk(Columns), Columns), Widen(s_floats), true),
        ["bytes"] = (() => RowSource.From(s_bytes, Columns), [.. s_bytes.Select(value => (double)value)], true),
        ["bytes to unit"] = (() => RowSource.From(s_bytes, Columns, 1.0 / 255), [.. s_bytes.Select(value => value * (1.0 / 255))], false),
        ["bytes halved"] = (() => RowSource.From(s_bytes, Columns, 0.5), [.. s_bytes.Select(value => value * 0.5)], true),
    };

    [Theory]
    [MemberData(nameof(Sources))]
    public void Every_source_gives_its_values_in_both_precisions_and_any_block_size(string name)
    {
        (Func<IRowSource> make, double[] expected, bool single) = s_sources[name];
        IRowSource source = make();
        source.IsSingle.Should().Be(single);
        (expected.Length % source.Columns).Should().Be(0);
        (source.RowCount ?? expected.Length / source.Columns).Should().Be(expected.Length / source.Columns);
        foreach (int block in (int[])[1, 2, 5, 16, 36, 37, 64])
        {
            ReadAll<double>(make(), block).Should().Equal(expected);
            ReadAll<float>(make(), block).Should().Equal(expected.Select(value => (float)value));
        }

        make().ToArray<double>().Should().Equal(expected);
        make().ToArray<float>().Should().Equal(expected.Select(value => (float)value));
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void Indexed_sources_copy_any_block(string name)
    {
        (Func<IRowSource> make, double[] expected, _) = s_sources[name];
        if (make() is not IndexedRowSource source)
            return;
        double[] block = new double[3 * source.Columns];
        source.Copy(11, 3, block);
        block.Should().Equal(expected.AsSpan(11 * source.Columns, block.Length).ToArray());
        if (source.TryGetRows(11, 3, out ReadOnlySpan<double> direct))
            direct.ToArray().Should().Equal(block);
        if (source.TryGetRows(11, 3, out ReadOnlySpan<float> narrow))
            narrow.ToArray().Should().Equal(block.Select(value => (float)value));
    }

    [Theory]
    [InlineData("flat double", false, true)]
    [InlineData("flat float", true, false)]
    [InlineData("grid float", true, false)]
    [InlineData("tensor", false, true)]
    [InlineData("flat Half", false, false)]
    [InlineData("strided tensor", false, false)]
    public void Contiguous_rows_are_lent_without_a_copy(string name, bool lendsFloat, bool lendsDouble)
    {
        IndexedRowSource source = (IndexedRowSource)s_sources[name].Make();
        source.TryGetRows(0, 2, out ReadOnlySpan<float> _).Should().Be(lendsFloat);
        source.TryGetRows(0, 2, out ReadOnlySpan<double> _).Should().Be(lendsDouble);
    }

    [Fact]
    public void A_source_that_starts_afresh_is_read_again_and_one_that_cannot_says_so()
    {
        IRowSource generator = RowSource.From(Generate());
        generator.ToArray<double>().Should().Equal(generator.ToArray<double>());

        IRowSource once = RowSource.Once(Generate(), Columns);
        once.RowCount.Should().BeNull();
        once.ToArray<double>().Should().Equal(s_values);
        once.Invoking(source => source.ToArray<double>()).Should().Throw<InvalidOperationException>().WithMessage("*only once*array*");
    }

    [Fact]
    public void An_enumerable_that_runs_dry_does_not_pass_for_data()
    {
        Queue<double[]> queue = new(s_values.Chunk(Columns));
        IRowSource source = RowSource.From(Drain(queue));
        source.ToArray<double>().Length.Should().Be(s_values.Length - Columns);
        source.Invoking(rows => rows.ToArray<double>()).Should().Throw<InvalidOperationException>().WithMessage("*36 rows*0*RowSource.Once*");

        static IEnumerable<double[]> Drain(Queue<double[]> rows)
        {
            while (rows.TryDequeue(out double[]? row))
                yield return row;
        }
    }

    [Fact]
    public void Wrong_input_is_refused_with_the_parameter_it_names()
    {
        Refused<ArgumentException>(() => RowSource.From(new double[7], 2), "values");
        Refused<ArgumentOutOfRangeException>(() => RowSource.From(new double[7], 0), "columns");
        Refused<ArgumentOutOfRangeException>(() => RowSource.From(new float[7], -3), "columns");
        Refused<ArgumentNullException>(() => RowSource.From((double[])null!, 2), "values");
        Refused<ArgumentNullException>(() => RowSource.From((double[,])null!), "rows");
        Refused<ArgumentException>(() => RowSource.From(new double[3, 0]), "rows");
        Refused<ArgumentException>(() => RowSource.From(Array.Empty<double[]>()), "rows");
        Refused<ArgumentException>(() => RowSource.From(new double[][] { [1, 2], [3] }), "rows").Message.Should().Contain("Row 1");
        Refused<ArgumentException>(() => RowSource.From(new double[][] { [1, 2], null! }), "rows").Message.Should().Contain("Row 1");
        Refused<ArgumentException>(() => RowSource.From(Enumerable.Empty<double[]>()), "rows");
        Refused<ArgumentOutOfRangeException>(() => RowSource.Once(Generate(), 0), "columns");
        Refused<ArgumentOutOfRangeException>(() => RowSource.From(new byte[4], 2, double.NaN), "scale");
        Refused<ArgumentOutOfRangeException>(() => RowSource.From(new byte[4], 2, 0), "scale");
        Refused<ArgumentException>(() => RowSource.From(new byte[5], 2), "values");

        IRowSource late = RowSource.From(new List<double[]> { new double[2], new double[3] });
        late.Invoking(source => source.ToArray<double>()).Should().Throw<InvalidOperationException>().WithMessage("*Row 1 has 3*expected 2*");

        using IRowReader reader = RowSource.From(s_values, Columns).Open();
        Refused<ArgumentException>(() => reader.Read(new double[Columns - 1]), "rows");
        Refused<ArgumentException>(() => reader.Read(new double[Columns + 1]), "rows");
        Refused<ArgumentException>(() => reader.Read(Array.Empty<float>()), "rows");
    }

    [Fact]
    public void No_rows_are_no_rows()
    {
        IRowSource none = RowSource.From(Array.Empty<float>(), 5);
        none.RowCount.Should().Be(0);
        none.ToArray<float>().Should().BeEmpty();
        RowSource.From(new double[0, 4]).ToArray<double>().Should().BeEmpty();
    }

    internal static TException Refused<TException>(Action act, string parameter)
        where TException : ArgumentException => act.Should().Throw<TException>().Where(error => error.ParamName == parameter).Which;

    internal static T[] ReadAll<T>(IRowSource source, int block)
        where T : unmanaged
    {
        List<T> all = [];
        T[] buffer = new T[block * source.Columns];
        using IRowReader reader = source.Open();
        for (int read = Read(); read > 0; read = Read())
            all.AddRange(buffer.AsSpan(0, read * source.Columns));
        Read().Should().Be(0);
        return [.. all];

        int Read() => buffer is double[] wide ? reader.Read(wide) : reader.Read((float[])(object)buffer);
    }

    private static double[] Widen(float[] values) => Array.ConvertAll(values, value => (double)value);

    private static T[,] Grid<T>(T[] values)
    {
        T[,] grid = new T[Rows, Columns];
        for (int i = 0; i < values.Length; i++)
            grid[i / Columns, i % Columns] = values[i];
        return grid;
    }

    private static IEnumerable<double[]> Generate()
    {
        double[] row = new double[Columns];
        for (int i = 0; i < Rows; i++)
        {
            s_values.AsSpan(i * Columns, Columns).CopyTo(row);
            yield return row;
        }
    }
}
