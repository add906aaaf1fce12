using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using SpectralInit.Kernels;

namespace SpectralInit.Benchmarks.Limits;

/// <summary>
/// The engine's loops against what the machine allows: reading or writing the memory they pass over, and multiplying and adding. The limits are measured again beside every
/// measurement, because on a shared machine they change by the second.
/// </summary>
internal static unsafe class LimitsCommand
{
    private const int Repeats = 9, Vectors = GramProduct.Vectors;

    // Passes come one after another: what the last one left in the cache, the next one finds.
    private const int Passes = 10;

    public static int Run(string[] args)
    {
        if (!SaveFolder.TryRead(args, out string? folder))
            return 2;
        StringBuilder report = new();
        report.Append(CultureInfo.InvariantCulture, $"""
            # Shares of the machine's limits

            Medians of {Repeats} measurements. Each is set against the same memory read (or written) once by all threads, as often as it is passed over, and against register-only multiply-adds, all measured
            just before it, the best of three times. Of the multiply-adds only what the result needs counts: d(d+1)/2 a row for a covariance of d columns, two products with {Vectors} vectors for a pass of a norm, {Passes} of which follow one another.
            The last column is the share of whichever limit is nearer. Short rows have [a page of their own](short-rows.md).

            {Machine.Describe()}.

            | | ms | of reading | of writing | of the FMA peak | of the nearer |
            |---|---:|---:|---:|---:|---:|

            """);
        Console.Write(report);
        Add(report, Covariance<float>(60_000, 784));
        Add(report, Covariance<double>(60_000, 784));
        Add(report, Covariance<float>(20_000, 2048));
        Add(report, Covariance<double>(20_000, 2048));
        foreach ((int rows, int columns) in new[] { (4096, 4096), (100_000, 256) })
        {
            Add(report, Pass<float>(rows, columns));
            Add(report, Pass<double>(rows, columns));
        }

        if (QuantizedRows.IsSupported)
            Add(report, CopiedPass(4096, 4096));
        Add(report, Norm<float>(4096));
        Add(report, Norm<double>(4096));
        Add(report, Uniform<float>(4096 * 4096));
        Add(report, Uniform<double>(4096 * 4096));
        if (folder is not null)
            File.WriteAllText(Path.Combine(folder, "limits.md"), report.ToString());
        return 0;
    }

    private static string Covariance<T>(int n, int d)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Memory<T> x = new((long)n * d);
        return Row<T>($"covariance, {Name<T>()} {n}×{d}", () => SpectralInit.Covariance.Of(RowSource.From(x.Values, d)), x.Pointer, x.Bytes, () => 1, writes: false, () => (double)n * d * (d + 1));
    }

    private static string Pass<T>(int rows, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Memory<T> w = new((long)rows * columns);
        using Scratch<double> vectors = Normal(2 * Vectors * columns);
        bool backward = false;
        return Row<T>(
            $"a pass of a norm, {Name<T>()} {rows}×{columns}", () => GramProduct.Multiply<T, T>((T*)w.Pointer, rows, columns, vectors.Pointer, vectors.Pointer + (Vectors * columns), backward = !backward),
            w.Pointer, w.Bytes, () => 1, writes: false, () => 4.0 * Vectors * rows * columns, Passes);
    }

    private static string CopiedPass(int rows, int columns)
    {
        using Memory<float> w = new((long)rows * columns);
        using QuantizedRows copy = new((float*)w.Pointer, rows, columns, 0);
        using Scratch<double> vectors = Normal(2 * Vectors * columns);
        bool backward = false;
        return Row<float>(
            $"a pass of a norm, 16-bit copy {rows}×{columns}", () => copy.Multiply(vectors.Pointer, vectors.Pointer + (Vectors * columns), backward = !backward),
            w.Pointer, w.Bytes / 2, () => 1, writes: false, () => 4.0 * Vectors * rows * columns, Passes);
    }

    // With a copy, W is read once for that and once at the end, and half as many bytes in all other passes.
    private static string Norm<T>(int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Memory<T> w = new((long)n * n);
        bool copied = typeof(T) == typeof(float) && QuantizedRows.IsSupported;
        int passes = 0;
        return Row<T>(
            $"spectral norm to 1e-4, {Name<T>()} {n}×{n}", () => passes = (typeof(T) == typeof(float) ? SpectralNorm.Of((float[])(object)w.Values, n, n) : SpectralNorm.Of((double[])(object)w.Values, n, n)).Iterations,
            w.Pointer, copied ? w.Bytes / 2 : w.Bytes, () => copied ? passes + 3 : passes, writes: false, () => 4.0 * Vectors * passes * n * n);
    }

    private static string Uniform<T>(int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Memory<T> w = new(count);
        return Row<T>($"uniform fill, {Name<T>()} {count}", () => RandomFill.Uniform<T>(w.Values, -1, 1, 1), w.Pointer, w.Bytes, () => 1, writes: true, () => 0);
    }

    private static string Row<T>(string name, Action run, byte* memory, long bytes, Func<double> passes, bool writes, Func<double> operations, int runs = 1)
        where T : unmanaged
    {
        Action all = () =>
        {
            for (int i = 0; i < runs; i++)
                run();
        };
        WarmUp.Run(all);
        LimitShare share = LimitShare.Measure<T>(all, memory, bytes, () => passes() * runs * bytes, writes, () => operations() * runs, Repeats);
        string touched = Percent(share.OfMemory), multiplied = share.OfPeak > 0 ? Percent(share.OfPeak) : "–";
        return string.Create(CultureInfo.InvariantCulture, $"| {name} | {1000 * share.Seconds / runs:F2} | {(writes ? "–" : touched)} | {(writes ? touched : "–")} | {multiplied} | {Percent(share.OfNearer)} |");
    }

    private static void Add(StringBuilder report, string row)
    {
        Console.WriteLine(row);
        report.Append(row).Append('\n');
    }

    private static string Name<T>() => typeof(T) == typeof(float) ? "float" : "double";

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F0} %");

    private static Scratch<double> Normal(int count)
    {
        Scratch<double> values = Scratch.Rent<double>(count);
        RandomFill.Normal(values.Span, 0, 1, 2);
        return values;
    }

    /// <summary>An array of normal values that stays where it is.</summary>
    private sealed class Memory<T> : IDisposable
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private GCHandle _handle;

        public Memory(long count)
        {
            Values = new T[count];
            RandomFill.Normal<T>(Values, 0, 1, 1);
            _handle = GCHandle.Alloc(Values, GCHandleType.Pinned);
        }

        public T[] Values { get; }

        public byte* Pointer => (byte*)_handle.AddrOfPinnedObject();

        public long Bytes => Values.LongLength * sizeof(T);

        public void Dispose() => _handle.Free();
    }
}
