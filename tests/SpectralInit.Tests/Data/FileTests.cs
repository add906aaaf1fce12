using System.IO.Compression;
using System.Text;

namespace SpectralInit.Tests.Data;

/// <summary>Readers against files that NumPy wrote (Golden/Data/make.py), writers against their own readers and NumPy's layout.</summary>
public sealed class FileTests : IDisposable
{
    private static readonly double[] s_rows = [.. Enumerable.Range(-5, 12).Select(i => (double)i)];
    private readonly string _folder = Directory.CreateTempSubdirectory("spectralinit").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("f8", false, 0)]
    [InlineData("f4", true, 0)]
    [InlineData("f2", true, 0)]
    [InlineData("i1", true, 0)]
    [InlineData("i2", true, 0)]
    [InlineData("i4", false, 0)]
    [InlineData("i8", false, 0)]
    [InlineData("u2", true, 250)]
    [InlineData("u4", false, 250)]
    [InlineData("u8", false, 250)]
    public void Npy_files_of_every_type_are_read(string kind, bool exactInFloat, int offset)
    {
        IRowSource rows = NpyFile.ReadRows(Golden($"{kind}.npy"));
        rows.Columns.Should().Be(3);
        rows.RowCount.Should().Be(4);
        rows.IsSingle.Should().Be(exactInFloat);
        rows.ToArray<double>().Should().Equal(s_rows.Select(value => value + offset));
        RowSourceTests.ReadAll<float>(rows, 3).Should().Equal(s_rows.Select(value => (float)(value + offset)));
    }

    [Fact]
    public void Npy_bytes_booleans_and_big_endian_files_are_read()
    {
        NpyFile.ReadRows(Golden("u1.npy")).ToArray<double>().Should().Equal(s_rows.Select(value => (double)(byte)(int)(value + 250)));
        NpyFile.ReadRows(Golden("bool.npy")).ToArray<double>().Should().Equal(s_rows.Select(value => value > 0 ? 1.0 : 0));
        foreach (string kind in (string[])["f4", "f8", "i2", "u4"])
            NpyFile.ReadRows(Golden($"big-{kind}.npy")).ToArray<double>().Should().Equal(s_rows.Select(Math.Abs));
    }

    [Fact]
    public void Npy_versions_orders_and_axes_are_read()
    {
        double[] sevenths = [.. s_rows.Select(value => value / 7)];
        NpyFile.ReadRows(Golden("version2.npy")).ToArray<double>().Should().Equal(sevenths);
        NpyFile.ReadRows(Golden("version3.npy")).ToArray<double>().Should().Equal(sevenths);
        IRowSource fortran = NpyFile.ReadRows(Golden("fortran.npy"));
        fortran.ToArray<double>().Should().Equal(sevenths);
        RowSourceTests.ReadAll<float>(fortran, 3).Should().Equal(sevenths.Select(value => (float)value));

        NpyFile.ReadShape(Golden("cube.npy")).Should().Equal(2, 3, 4);
        NpyFile.ReadRows(Golden("cube.npy")).Columns.Should().Be(12);
        IRowSource regrouped = NpyFile.ReadRows(Golden("cube.npy"), columns: 8, scale: 0.25);
        regrouped.RowCount.Should().Be(3);
        regrouped.ToArray<double>().Should().Equal(Enumerable.Range(0, 24).Select(i => i * 0.25));
        NpyFile.ReadRows(Golden("vector.npy")).Columns.Should().Be(1);
        IRowSource empty = NpyFile.ReadRows(Golden("empty.npy"));
        (empty.RowCount, empty.Columns).Should().Be((0, 7));
        empty.ToArray<float>().Should().BeEmpty();
    }

    [Theory]
    [InlineData("scalar.npy", "*single number*")]
    [InlineData("fortran3.npy", "*ascontiguousarray*")]
    [InlineData("complex.npy", "*byte *c16*astype*")]
    [InlineData("structured.npy", "*structured*plain field*")]
    [InlineData("images.idx", "*byte 0*not a .npy*numpy.save*")]
    public void Npy_files_that_are_not_rows_of_numbers_are_refused(string file, string message) =>
        new Action(() => NpyFile.ReadRows(Golden(file))).Should().Throw<InvalidDataException>().WithMessage(message).Which.Message.Should().Contain(file);

    [Theory]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (999999999999, 3), }", "*truncated*")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (9999999999999999999999, 3), }", "*too large*")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, 4611686018427387904), }", "*impossibly large*")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4294967296), }", "*features*")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 0), }", "*0 features*")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (-3, 2), }", "*axis length*")]
    [InlineData("{'descr': '<f8', 'fortran_order': Maybe, 'shape': (3, 2), }", "*True or False*")]
    [InlineData("{'descr': '<f8', 'shape': (3, 2), }", "*lacks*")]
    [InlineData("{'descr': '<f8', 'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }", "*unexpected key*")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), 'exec': 'x'}", "*unexpected key*")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (3, 2), }", "*'|O'*")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2", "*expected ')'*")]
    [InlineData("__import__('os')", "*expected '{'*")]
    [InlineData("", "*expected '{'*")]
    public void Hostile_npy_headers_are_refused(string header, string message)
    {
        string path = Path.Combine(_folder, "hostile.npy");
        File.WriteAllBytes(path, [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, (byte)(header.Length >> 8), .. Encoding.ASCII.GetBytes(header)]);
        new Action(() => NpyFile.ReadRows(path)).Should().Throw<InvalidDataException>().WithMessage(message).Which.Message.Should().Contain(path);
    }

    [Fact]
    public void Every_truncation_of_a_file_is_refused()
    {
        foreach ((string file, Action<string> read) in new (string, Action<string>)[]
        {
            ("f8.npy", path => NpyFile.ReadRows(path)),
            ("version3.npy", path => NpyFile.ReadRows(path)),
            ("images.idx", path => IdxFile.ReadRows(path)),
            ("images.idx.gz", path => IdxFile.ReadRows(path).ToArray<double>()),
            ("model.safetensors", path => SafeTensors.Read(path)),
        })
        {
            byte[] whole = File.ReadAllBytes(Golden(file));
            string path = Path.Combine(_folder, file);

            // The last eight bytes of a gzip file are checksum and length: all rows have been read by then.
            int end = file.EndsWith(".gz", StringComparison.Ordinal) ? whole.Length - 10 : whole.Length;
            for (int length = 0; length < end; length++)
            {
                File.WriteAllBytes(path, whole[..length]);
                new Action(() => read(path)).Should().Throw<InvalidDataException>($"{file} cut to {length} of {whole.Length} bytes").Which.Message.Should().Contain(path);
            }
        }
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        RowSourceTests.Refused<ArgumentNullException>(() => NpyFile.ReadRows(null!), "path");
        RowSourceTests.Refused<ArgumentOutOfRangeException>(() => NpyFile.ReadRows(Golden("f8.npy"), columns: 0), "columns");
        RowSourceTests.Refused<ArgumentException>(() => NpyFile.ReadRows(Golden("f8.npy"), columns: 5), "columns");
        RowSourceTests.Refused<ArgumentOutOfRangeException>(() => NpyFile.ReadRows(Golden("f8.npy"), scale: double.PositiveInfinity), "scale");
        RowSourceTests.Refused<ArgumentOutOfRangeException>(() => IdxFile.ReadRows(Golden("images.idx"), scale: 0), "scale");
        new Action(() => NpyFile.ReadRows(Path.Combine(_folder, "absent.npy"))).Should().Throw<FileNotFoundException>();
        string path = Path.Combine(_folder, "untouched.npy");
        RowSourceTests.Refused<ArgumentException>(() => NpyFile.Write(path, new float[6], 2, 4), "shape");
        RowSourceTests.Refused<ArgumentOutOfRangeException>(() => NpyFile.Write(path, new float[6], -2, -3), "shape");
        RowSourceTests.Refused<ArgumentException>(() => NpyFile.Write(path, new float[1], 1 << 16, 1 << 16, 1 << 16, 1 << 16), "shape");
        new Action(() => NpyFile.Write(path, new char[6], 6)).Should().Throw<NotSupportedException>();
        RowSourceTests.Refused<ArgumentException>(() => NamedTensor.Create("", new float[1], 1), "name");
        RowSourceTests.Refused<ArgumentException>(() => NamedTensor.Create("__metadata__", new float[1], 1), "name");
        NamedTensor twice = NamedTensor.Create("w", new float[1], 1);
        RowSourceTests.Refused<ArgumentException>(() => SafeTensors.Write(path, [twice, twice]), "tensors");
        File.Exists(path).Should().BeFalse();
    }

    [Fact]
    public void Idx_files_are_read_plain_and_compressed()
    {
        double[] pixels = [.. Enumerable.Range(0, 24).Select(i => i * 10.0)];
        foreach (string file in (string[])["images.idx", "images.idx.gz"])
        {
            IRowSource rows = IdxFile.ReadRows(Golden(file));
            (rows.RowCount, rows.Columns, rows.IsSingle).Should().Be((2, 12, true));
            rows.ToArray<double>().Should().Equal(pixels);
            rows.ToArray<float>().Should().Equal(pixels.Select(value => (float)value));
            IdxFile.ReadRows(Golden(file), 1.0 / 255).ToArray<double>().Should().Equal(pixels.Select(value => value * (1.0 / 255)));
        }

        IdxFile.ReadRows(Golden("floats.idx")).ToArray<float>().Should().Equal(s_rows.Select(value => (float)(value / 7)));
        IdxFile.ReadLabels(Golden("labels.idx")).Should().Equal(7, 2, 1, 0, 4);
        new Action(() => IdxFile.ReadLabels(Golden("images.idx"))).Should().Throw<InvalidDataException>().WithMessage("*image file*");
        new Action(() => IdxFile.ReadRows(Golden("f8.npy"))).Should().Throw<InvalidDataException>().WithMessage("*f8.npy*byte 0*");
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 7, 1, 0, 0, 0, 1, 9 }, "*byte 2*0x07*")]
    [InlineData(new byte[] { 0, 0, 8, 0 }, "*no axes*")]
    [InlineData(new byte[] { 0, 0, 8, 1, 255, 0, 0, 0 }, "*byte 4*too long*")]
    [InlineData(new byte[] { 0, 0, 8, 3, 127, 0, 0, 0, 127, 0, 0, 0, 127, 0, 0, 0 }, "*too many*")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 1, 9, 9 }, "*not what its header says*")]
    public void Hostile_idx_headers_are_refused(byte[] bytes, string message)
    {
        string path = Path.Combine(_folder, "hostile.idx");
        File.WriteAllBytes(path, bytes);
        new Action(() => IdxFile.ReadRows(path)).Should().Throw<InvalidDataException>().WithMessage(message).Which.Message.Should().Contain(path);
    }

    [Fact]
    public void Written_npy_files_equal_what_NumPy_writes()
    {
        string path = Path.Combine(_folder, "written.npy");
        NpyFile.Write(path, s_rows, 4, 3);
        File.ReadAllBytes(path).AsSpan(128).SequenceEqual(File.ReadAllBytes(Golden("f8.npy")).AsSpan(128)).Should().BeTrue();
        NpyFile.ReadShape(path).Should().Equal(4, 3);
        NpyFile.ReadRows(path).ToArray<double>().Should().Equal(s_rows);
        NpyFile.Write(path, Array.ConvertAll(s_rows, value => (Half)value), 12);
        NpyFile.ReadShape(path).Should().Equal(12);
        NpyFile.ReadRows(path).ToArray<double>().Should().Equal(s_rows);
        NpyFile.Write(path, new double[] { 5 });
        NpyFile.ReadShape(path).Should().BeEmpty();
    }

    [Fact]
    public void Safetensors_are_read_and_written()
    {
        IReadOnlyList<NamedTensor> model = SafeTensors.Read(Golden("model.safetensors"));
        model.Select(tensor => tensor.ToString()).Should().Equal("fc1.weight: F32 [4, 3]", "steps: I64 [3]", "half: BF16 [2]");
        model[0].ToArray<float>().Should().Equal(s_rows.Select(value => (float)(value / 7)));
        model[1].ToArray<double>().Should().Equal(1, -2, 3);
        model[2].ToArray<float>().Should().Equal(1.5f, -2);

        string path = Path.Combine(_folder, "written.safetensors");
        SafeTensors.Write(path, [.. model, NamedTensor.Create("empty", Array.Empty<Half>(), 0, 4)], new Dictionary<string, string> { ["format"] = "pt" });
        IReadOnlyList<NamedTensor> back = SafeTensors.Read(path);
        back.Should().HaveCount(4);
        back.Take(3).Should().BeEquivalentTo(model);
        back.Single(tensor => tensor.Name == "empty").Shape.Should().Equal(0, 4);
        (BitConverter.ToInt64(File.ReadAllBytes(path)) % 8).Should().Be(0);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "*b ?1? needs*")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "*belong to none*")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "*truncated*")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1073741824,1073741824,1073741824,1073741824],"data_offsets":[0,8]}}""", "*needs*")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "*negative*")]
    [InlineData("""{"a":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}}""", "*F31*")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", "*header*")]
    [InlineData("""{"a":7}""", "*header*")]
    [InlineData("""[1,2,3,4]""", "*header*")]
    [InlineData("""{"a":""", "*header*")]
    public void Hostile_safetensors_headers_are_refused(string header, string message)
    {
        string path = Path.Combine(_folder, "hostile.safetensors");
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((long)header.Length), .. Encoding.ASCII.GetBytes(header), .. new byte[8]]);
        new Action(() => SafeTensors.Read(path)).Should().Throw<InvalidDataException>().WithMessage(message).Which.Message.Should().Contain(path);
    }

    [Fact]
    public void Files_beyond_two_billion_elements_are_read_from_any_row()
    {
        // The file is sparse: only its header and its last row take space.
        string path = Path.Combine(_folder, "large.npy");
        const long Rows = 2_200_000;
        NpyFile.Write(path, Array.Empty<byte>(), 0, 1000);
        byte[] header = File.ReadAllBytes(path);
        Encoding.ASCII.GetBytes("'shape': (2200000, 1000), }").CopyTo(header, header.AsSpan().IndexOf("'shape'"u8));
        using (FileStream file = File.Create(path))
        {
            file.Write(header);
            file.Position = header.Length + ((Rows - 1) * 1000);
            file.Write([.. Enumerable.Range(0, 1000).Select(i => (byte)i)]);
        }

        IndexedRowSource rows = (IndexedRowSource)NpyFile.ReadRows(path);
        rows.RowCount.Should().Be(Rows);
        float[] last = new float[2000];
        rows.Copy(Rows - 2, 2, last);
        last.Should().Equal(Enumerable.Repeat(0f, 1000).Concat(Enumerable.Range(0, 1000).Select(i => (float)(byte)i)));
    }

    [Fact]
    public void Compressed_files_are_compared_with_their_checksum_and_their_header_to_the_end()
    {
        // Stored, not deflated: a changed byte still decompresses, and only the checksum after the last row tells. Long enough that the rows end a buffer before it.
        byte[] rows = [.. Enumerable.Range(0, 1 << 18).Select(i => (byte)(i * i))];
        byte[] file = Compress([0, 0, 8, 2, 0, 0, 16, 0, 0, 0, 0, 64, .. rows]);
        string path = Path.Combine(_folder, "damaged.idx.gz");
        File.WriteAllBytes(path, file);
        IdxFile.ReadRows(path).ToArray<double>().Should().Equal(rows.Select(value => (double)value));
        file[file.Length / 2] ^= 1;
        File.WriteAllBytes(path, file);
        IdxFile.ReadRows(path).Invoking(source => source.ToArray<double>()).Should().Throw<InvalidDataException>().WithMessage($"{path}*damaged*");

        File.WriteAllBytes(path, Compress([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7]));
        IdxFile.ReadRows(path).Invoking(source => source.ToArray<double>()).Should().Throw<InvalidDataException>().WithMessage($"{path}*go on after the 2 rows*");

        File.WriteAllBytes(path, Compress([0, 0, 14, 2, 0, 0, 0, 1, 0x7F, 0xFF, 0xFF, 0xFF, 1]));
        new Action(() => IdxFile.ReadRows(path)).Should().Throw<InvalidDataException>().WithMessage($"{path}*too large*");

        static byte[] Compress(byte[] bytes)
        {
            using MemoryStream file = new();
            using (GZipStream stream = new(file, CompressionLevel.NoCompression))
                stream.Write(bytes);
            return file.ToArray();
        }
    }

    [Fact]
    public void Scaled_values_that_leave_the_range_of_float_are_not_called_exact_in_it()
    {
        string path = Path.Combine(_folder, "scaled.npy");
        NpyFile.Write(path, [1e-30f, 3e-30f], 2);
        IRowSource rows = NpyFile.ReadRows(path, scale: Math.ScaleB(1, -64));
        rows.IsSingle.Should().BeFalse();
        (Covariance.Of(rows).Mean[0] / Math.ScaleB(1, -64)).Should().BeApproximately(2e-30, 1e-36);
        NpyFile.ReadRows(path, scale: -1).IsSingle.Should().BeTrue();
    }

    [RealDataFact]
    public void Mnist_is_read()
    {
        IRowSource images = IdxFile.ReadRows(RealData.PathOf("mnist/t10k-images-idx3-ubyte.gz"));
        (images.RowCount, images.Columns).Should().Be((10000, 784));
        float[] pixels = images.ToArray<float>();
        pixels.Max().Should().Be(255);
        pixels.Average(value => (double)value).Should().BeApproximately(33.791, 0.001); // numpy: 33.79122448979592
        IdxFile.ReadLabels(RealData.PathOf("mnist/t10k-labels-idx1-ubyte.gz")).Take(5).Should().Equal(7, 2, 1, 0, 4);
        NpyFile.ReadRows(RealData.PathOf("images/china.npy"), columns: 427 * 640 * 3).RowCount.Should().Be(1);
    }

    private static string Golden(string file) => Path.Combine(AppContext.BaseDirectory, "Golden", "Data", file);
}
