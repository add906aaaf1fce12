using System.Numerics;
using SpectralInit.Kernels;

namespace SpectralInit;

/// <summary>Up to 256 rows, centered and packed, with what the centering subtracted.</summary>
internal sealed unsafe class PackedChunk(int columns) : IDisposable
{
    private const int MaxTogether = 4;

    private readonly Scratch<double> _shift = Scratch.Rent<double>(ScatterProduct.Padded(columns));
    private readonly Scratch<double> _residual = Scratch.Rent<double>(ScatterProduct.Padded(columns));
    private Scratch<float>? _singles;
    private Scratch<double>? _doubles;
    private bool _single;
    private int _outcome;

    public int Rows { get; private set; }

    /// <summary>True when nothing came up that <see cref="End"/> would have to look at.</summary>
    public bool IsPacked => _outcome == 0;

    /// <summary>Subtracted from the rows, d values.</summary>
    public ReadOnlySpan<double> Shift => _shift.Span[..columns];

    /// <summary>Column sums of the centered rows, d values: Σx = rows·shift + residual.</summary>
    public ReadOnlySpan<double> Residual => _residual.Span[..columns];

    /// <summary>Packs rows.</summary>
    /// <param name="rows">At most 256 rows.</param>
    /// <param name="first">Index of the first, for the message.</param>
    /// <param name="parameter">Name of the argument they came from.</param>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public void Pack<T>(ReadOnlySpan<T> rows, long first, string parameter)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Begin<T>();
        Pack(rows, 0, ScatterProduct.PanelCount<T>(columns));
        End(rows, first, parameter);
    }

    /// <summary>Before rows are packed panel by panel.</summary>
    public void Begin<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (_outcome, _single) = (0, typeof(T) == typeof(float));
        if (_single)
            _singles ??= Scratch.Rent<float>(PanelValues<float>());
        else
            _doubles ??= Scratch.Rent<double>(PanelValues<double>());
    }

    /// <summary>Packs the columns of panels <paramref name="panel"/> … <paramref name="end"/>−1; threads may pack different ones.</summary>
    public void Pack<T>(ReadOnlySpan<T> rows, int panel, int end)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Rows = rows.Length / columns;
        T* panels = typeof(T) == typeof(float) ? (T*)_singles!.Pointer : (T*)_doubles!.Pointer;
        fixed (T* x = rows)
        {
            PackOutcome outcome = ScatterProduct.Center(x, Rows, columns, panel, end, panels, _shift.Pointer, _residual.Pointer);
            if (outcome != PackOutcome.Centered)
                Interlocked.Or(ref _outcome, (int)outcome);
        }
    }

    /// <summary>After all panels of rows are packed.</summary>
    /// <inheritdoc cref="Pack{T}(ReadOnlySpan{T}, long, string)"/>
    public void End<T>(ReadOnlySpan<T> rows, long first, string parameter)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (IsPacked)
            return;
        FiniteRows.Check(rows, columns, first, parameter);
        using Scratch<double> widened = Scratch.Rent<double>(rows.Length);
        for (int i = 0; i < rows.Length; i++)
            widened.Pointer[i] = double.CreateTruncating(rows[i]);
        Begin<double>();
        Pack<double>(widened.Span, 0, ScatterProduct.PanelCount<double>(columns));
        GC.KeepAlive(widened);
    }

    /// <summary>Adds the products of centered chunks to the columns of one strip of the scatter, chunk after chunk.</summary>
    public static void AddTo(ReadOnlySpan<PackedChunk> chunks, double* scatter, int columns, int strip, int part, int parts, ref RowsAhead ahead)
    {
        Span<nint> panels = stackalloc nint[MaxTogether];
        int together = columns < 512 ? 1 : MaxTogether;
        for (int first = 0; first < chunks.Length;)
        {
            // Alike chunks go together where the scatter is too large to stay in the cache between them.
            PackedChunk chunk = chunks[first];
            int count = 0;
            for (; count < together && first + count < chunks.Length && chunks[first + count]._single == chunk._single && chunks[first + count].Rows == chunk.Rows; count++)
                panels[count] = chunk._single ? (nint)chunks[first + count]._singles!.Pointer : (nint)chunks[first + count]._doubles!.Pointer;
            if (chunk._single)
                ScatterProduct.Add<float>(panels[..count], panels[..count], chunk.Rows, columns, strip, part, parts, scatter, ref ahead);
            else
                ScatterState.AddStrip(panels[..count], panels[..count], chunk.Rows, columns, strip, part, parts, scatter, ref ahead);
            first += count;
        }
    }

    public void Dispose()
    {
        _shift.Dispose();
        _residual.Dispose();
        _singles?.Dispose();
        _doubles?.Dispose();
    }

    private long PanelValues<T>()
        where T : unmanaged => (long)ScatterProduct.PanelCount<T>(columns) * ScatterProduct.PanelWidth<T>() * ScatterProduct.ChunkRows;
}
