using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>
/// Count, mean and scatter of some rows. Chunks add Σ(x−s)(x−s)ᵀ about their own shift s to the scatter at once; the rank-1 terms that move it to
/// the common mean (Chan, Golub and LeVeque 1983: + n₁n₂/(n₁+n₂)·δδᵀ for the merge, − rrᵀ/n for the residual r of the shift) are collected as rows
/// and added together by <see cref="Settle"/>.
/// </summary>
internal sealed unsafe class ScatterState : IDisposable
{
    private readonly int _d, _capacity, _width, _lead;
    private readonly Scratch<double> _scatter;

    // The mean is kept as its distance from the first shift: where that is far from zero, rounding the mean itself would cost digits in every merge.
    private readonly double[] _origin, _mean;
    private Scratch<double>? _terms;
    private int _chunks;

    /// <param name="columns">Features d.</param>
    /// <param name="capacity">Chunks whose rank-1 terms are collected at most.</param>
    public ScatterState(int columns, int capacity)
    {
        (_d, _capacity, _width, _lead) = (columns, capacity, ScatterProduct.StripWidth(columns), ScatterProduct.Lead(columns));
        _scatter = Scratch.RentCleared<double>(Size);
        (_origin, _mean) = (new double[columns], new double[columns]);
        Shift = ShortRows.Suit(columns) ? new double[columns] : [];
    }

    private ScatterState(ScatterState source)
    {
        (_d, _capacity, _width, _lead, Count, _chunks) = (source._d, source._capacity, source._width, source._lead, source.Count, source._chunks);
        (_origin, _mean, Shift, KeepsShift) = ([.. source._origin], [.. source._mean], [.. source.Shift], source.KeepsShift);
        _scatter = Scratch.Rent<double>(Size);
        Parallelism.Run((_d + _width - 1) / _width, strip =>
        {
            long start = ScatterProduct.StripStart(strip, _width), bytes = (ScatterProduct.StripStart(strip + 1, _width) - start) * sizeof(double);
            Buffer.MemoryCopy(source._scatter.Pointer + start, _scatter.Pointer + start, bytes, bytes);
        });
        if (source._chunks > 0)
        {
            _terms = Scratch.Rent<double>(source._terms!.Length);
            source._terms.Span.CopyTo(_terms.Span);
        }
    }

    public long Count { get; set; }

    public int Dimension => _d;

    /// <summary>Chunks whose rank-1 terms are collected and not settled.</summary>
    public int Terms => _chunks;

    /// <summary>True while a checkpoint refers to this state, so that it must neither change nor be recycled.</summary>
    public bool IsShared { get; set; }


    /// <summary>Short rows: what was subtracted from the last chunk.</summary>
    public double[] Shift { get; }

    /// <summary>Short rows: whether the next chunk should try the same <see cref="Shift"/>.</summary>
    public bool KeepsShift { get; set; }

    /// <summary>Column strips the products are cut into.</summary>
    public static int StripCount(int columns) => ScatterProduct.PanelCount<float>(columns);

    /// <summary>The first shift.</summary>
    public Span<double> Origin => _origin;

    /// <summary>The mean less the first shift.</summary>
    public Span<double> Distance => _mean;

    public ScatterState Clone() => new(this);

    public double[] Mean()
    {
        double[] mean = new double[_d];
        TensorPrimitives.Add<double>(_origin, _mean, mean);
        return mean;
    }

    /// <summary>Row i of the scatter from column j ≥ i to the end of its strip, at least one value; right only when settled.</summary>
    public Span<double> Part(int i, int j)
    {
        int strip = (j + _lead) / _width, first = (strip * _width) - _lead;
        return new(_scatter.Pointer + ScatterProduct.StripStart(strip, _width) + ((long)(i + _lead) * _width) + (j - first), Math.Min(_d - j, first + _width - j));
    }

    /// <summary>Adds the products of chunks to a part of the rows of one strip of columns.</summary>
    public void AddProducts(ReadOnlySpan<PackedChunk> chunks, int strip, int part, int parts, ref RowsAhead ahead)
    {
        PackedChunk.AddTo(chunks, _scatter.Pointer, _d, strip, part, parts, ref ahead);
        GC.KeepAlive(this);
    }

    /// <summary>Counts a chunk whose products are added to all strips.</summary>
    public void Append(PackedChunk chunk)
    {
        // Row 2c: δ·√(n₁n₂/(n₁+n₂)); row 2c+1: r/√n.
        _terms ??= Scratch.Rent<double>(2L * _capacity * _d);
        Span<double> between = _terms.Span.Slice(2 * _chunks * _d, _d), within = _terms.Span.Slice(((2 * _chunks) + 1) * _d, _d);
        double n = chunk.Rows, total = Count + n, weight = Math.Sqrt(Count / total * n);
        if (Count == 0)
            chunk.Shift.CopyTo(_origin);
        TensorPrimitives.Divide(chunk.Residual, n, within);
        TensorPrimitives.Subtract(chunk.Shift, _origin, between);
        TensorPrimitives.Add(between, within, between);
        TensorPrimitives.Subtract(between, _mean, between);
        TensorPrimitives.MultiplyAdd(between, n / total, _mean, _mean);
        TensorPrimitives.Multiply(between, weight, between);
        TensorPrimitives.Multiply(within, Math.Sqrt(n), within);
        Count += chunk.Rows;
        if (++_chunks == _capacity)
            Settle();
    }

    /// <summary>Adds a chunk of short rows, about <see cref="Shift"/>.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="residual">Sums of the columns, in room for whole vectors.</param>
    /// <param name="products">Products of the columns, <see cref="Lane.Pad"/>(d) between rows.</param>
    /// <param name="delta">Zeros, in room for whole vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Append(int rows, double* residual, double* products, double* delta)
    {
        double n = rows, total = Count + n;
        if (Count == 0)
            Shift.CopyTo(_origin);
        for (int j = 0; j < _d; j++)
        {
            delta[j] = Shift[j] - _origin[j] + (residual[j] / n) - _mean[j];
            _mean[j] += delta[j] * (n / total);
        }

        ShortRows.Merge(_scatter.Pointer, products, _d, delta, Count / total * n, residual, -1 / n);
        Count += rows;
        GC.KeepAlive(this);
    }

    /// <summary>Adds the collected rank-1 terms: U holds all of them, V those with a minus sign negated.</summary>
    public void Settle()
    {
        if (_chunks == 0)
            return;
        int k = 2 * _chunks, width = ScatterProduct.PanelWidth<double>(), panels = ScatterProduct.PanelCount<double>(_d);
        using Scratch<double> packedU = Scratch.Rent<double>((long)panels * width * k);
        using Scratch<double> packedV = Scratch.Rent<double>((long)panels * width * k);
        double* u = packedU.Pointer, v = packedV.Pointer;
        Parallelism.Run(panels, panel =>
        {
            int first = (panel * width) - _lead, from = Math.Max(0, first), to = Math.Min(_d, first + width);
            for (int row = 0; row < k && from < to; row++)
            {
                ReadOnlySpan<double> term = new(_terms!.Pointer + ((long)row * _d) + from, to - from);
                Span<double> left = new(u + (((long)panel * k) + row) * width, width), right = new(v + (((long)panel * k) + row) * width, width);
                term.CopyTo(left[(from - first)..]);
                left[(to - first)..].Clear();
                TensorPrimitives.Multiply(left, (row & 1) == 0 ? 1 : -1, right);
            }
        });

        int strips = StripCount(_d);
        Parallelism.Run(strips, strip =>
        {
            RowsAhead nothing = default;
            AddStrip([(nint)u], [(nint)v], k, _d, strips - 1 - strip, 0, 1, _scatter.Pointer, ref nothing);
        });
        GC.KeepAlive(packedU);
        GC.KeepAlive(packedV);
        _chunks = 0;
    }

    /// <summary>Adds the settled rows of another state to this settled one.</summary>
    public void Merge(ScatterState other)
    {
        if (other.Count == 0)
            return;
        double total = (double)Count + other.Count, weight = Count / total * other.Count;
        if (Count == 0)
        {
            other._origin.CopyTo(_origin, 0);
            other._mean.CopyTo(_mean, 0);
        }

        double[] delta = new double[Lane.Pad(_d)];
        TensorPrimitives.Subtract(other._origin, _origin, delta);
        TensorPrimitives.Add(delta.AsSpan(0, _d), other._mean, delta);
        TensorPrimitives.Subtract(delta.AsSpan(0, _d), _mean, delta);
        if (ShortRows.Suit(_d))
        {
            fixed (double* u = delta)
                ShortRows.Merge(_scatter.Pointer, other._scatter.Pointer, _d, u, weight, u, 0);
        }
        else
        {
            EachRow(i =>
            {
                for (int j = i; j < _d;)
                {
                    Span<double> part = Part(i, j);
                    TensorPrimitives.Add(part, other.Part(i, j), part);
                    TensorPrimitives.MultiplyAdd(delta.AsSpan(j, part.Length), weight * delta[i], part, part);
                    j += part.Length;
                }
            });
        }

        TensorPrimitives.MultiplyAdd(delta.AsSpan(0, _d), other.Count / total, _mean, _mean);
        Count += other.Count;
        GC.KeepAlive(other);
    }

    public void Dispose()
    {
        _scatter.Dispose();
        _terms?.Dispose();
    }

    /// <summary>UᵀV of double panels on a part of the rows of one strip of columns.</summary>
    public static void AddStrip(ReadOnlySpan<nint> u, ReadOnlySpan<nint> v, int k, int columns, int strip, int part, int parts, double* scatter, ref RowsAhead ahead)
    {
        int ratio = ScatterProduct.PanelWidth<float>() / ScatterProduct.PanelWidth<double>(), end = Math.Min((strip + 1) * ratio, ScatterProduct.PanelCount<double>(columns));
        for (int panel = strip * ratio; panel < end; panel++)
            ScatterProduct.Add<double>(u, v, k, columns, panel, part, parts, scatter, ref ahead);
    }

    private long Size => ScatterProduct.StripStart((_d + _width - 1) / _width, _width);

    /// <summary>Runs over the rows, in parallel when the matrix is large.</summary>
    private void EachRow(Action<int> body)
    {
        const int RowsPerPart = 32;
        if (_d < 8 * RowsPerPart)
        {
            for (int i = 0; i < _d; i++)
                body(i);
            return;
        }

        Parallelism.Run((_d + RowsPerPart - 1) / RowsPerPart, part =>
        {
            for (int i = part * RowsPerPart; i < Math.Min(_d, (part + 1) * RowsPerPart); i++)
                body(i);
        });
    }
}
