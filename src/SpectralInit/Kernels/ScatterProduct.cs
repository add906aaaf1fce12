using System.Numerics;
using System.Runtime.Intrinsics;

namespace SpectralInit.Kernels;

/// <summary>
/// C += UᵀV in double for two sets of rows in panels, upper triangle only; U = V is a symmetric rank-k update. Panels are strips of
/// <see cref="PanelWidth{T}"/> columns, rows one after the other, from which tiles take both their operands. Float rows multiply in float
/// within a tile and are added up in double.
/// </summary>
internal static unsafe class ScatterProduct
{
    /// <summary>Rows centered at a time: a panel of them about fills the first-level cache.</summary>
    public const int ChunkRows = 256;

    /// <summary>How many columns further down rows of tiles are fetched.</summary>
    private const int ColumnsAhead = 32;

    /// <summary>Columns per panel: whole tiles of columns and of rows.</summary>
    public static int PanelWidth<T>()
        where T : unmanaged => 3 * Granule<T>();

    /// <summary>Columns with data or zeros in the panels of d columns.</summary>
    public static int Padded(int d)
    {
        int granule = Granule<float>();
        return (d + granule - 1) / granule * granule;
    }

    /// <summary>Number of panels of d columns.</summary>
    public static int PanelCount<T>(int d)
        where T : unmanaged => Order(d) / PanelWidth<T>();

    /// <summary>Columns left empty in front, in panels and in C. Where columns do not fill the panels it is the first ones that lack some: narrow tiles are slow, and there they are few.</summary>
    public static int Lead(int d) => ShortRows.Suit(d) ? 0 : Order(d) - Padded(d);

    /// <summary>Columns of C that lie together. C is kept in strips of whole panels, row after row, so that a tile of many columns is one piece of memory; short rows, whose kernels have no panels, have one strip.</summary>
    public static int StripWidth(int d) => ShortRows.Suit(d) ? Lane.Pad(d) : 48;

    /// <summary>Elements before a strip of C: each ends with the square on its diagonal.</summary>
    public static long StripStart(int strip, int width) => (long)width * width * strip * (strip + 1) / 2;

    /// <summary>Columns that C needs for d columns: tiles are written whole.</summary>
    private static int Order(int d) => (d + 47) / 48 * 48;

    /// <summary>Adds a part of panel <paramref name="panel"/> of the products of some chunks: of the columns of C it covers, some of the rows down to the diagonal.</summary>
    /// <param name="u">One address of panels per chunk.</param>
    /// <param name="v">One address of panels per chunk.</param>
    /// <param name="k">Rows of each chunk.</param>
    /// <param name="d">Columns.</param>
    /// <param name="panel">0 … <see cref="PanelCount{T}"/>−1.</param>
    /// <param name="part">0 … <paramref name="parts"/>−1.</param>
    /// <param name="parts">Parts that the rows are cut into.</param>
    /// <param name="c">The scatter in strips.</param>
    /// <param name="ahead">Memory to fetch meanwhile.</param>
    public static void Add<T>(ReadOnlySpan<nint> u, ReadOnlySpan<nint> v, nint k, int d, int panel, int part, int parts, double* c, ref RowsAhead ahead)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (Lane.Width)
        {
            case 8: Add<Lanes512<T>, Vector512<T>, T>(u, v, k, d, panel, part, parts, c, ref ahead); break;
            case 4: Add<Lanes256<T>, Vector256<T>, T>(u, v, k, d, panel, part, parts, c, ref ahead); break;
            case 2: Add<Lanes128<T>, Vector128<T>, T>(u, v, k, d, panel, part, parts, c, ref ahead); break;
            default: Add<LanesScalar<T>, T, T>(u, v, k, d, panel, part, parts, c, ref ahead); break;
        }
    }

    /// <summary>Centers rows × d values into panels <paramref name="panel"/> … <paramref name="end"/>−1; <paramref name="shift"/> and <paramref name="residual"/> hold <see cref="Padded"/> values. rows ≤ <see cref="ChunkRows"/>.</summary>
    public static PackOutcome Center<T>(T* x, int rows, int d, int panel, int end, T* panels, double* shift, double* residual)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Lane.Width switch
        {
            8 => CenteredPanels<Lanes512<T>, Vector512<T>, T>.Center(x, rows, d, panel, end, panels, shift, residual),
            4 => CenteredPanels<Lanes256<T>, Vector256<T>, T>.Center(x, rows, d, panel, end, panels, shift, residual),
            2 => CenteredPanels<Lanes128<T>, Vector128<T>, T>.Center(x, rows, d, panel, end, panels, shift, residual),
            _ => CenteredPanels<LanesScalar<T>, T, T>.Center(x, rows, d, panel, end, panels, shift, residual),
        };

    // Columns that tiles have in whole numbers: vectors, or four values where those are shorter.
    private static int Granule<T>()
        where T : unmanaged => Lane.Width >= 4 ? Lane.Width * sizeof(double) / sizeof(T) : 4;

    private static void Add<TLanes, TVector, T>(ReadOnlySpan<nint> u, ReadOnlySpan<nint> v, nint k, int d, int panel, int part, int parts, double* c, ref RowsAhead ahead)
        where TLanes : struct, ILanes<TVector, T>
        where TVector : struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int width = PanelWidth<T>(), lead = Lead(d), tile = 3 * TLanes.Count, left = panel * width, end = left + width;
        int ldc = StripWidth(d), strip = left / ldc;
        c += StripStart(strip, ldc) - (strip * ldc);
        for (int j = Math.Max(left, lead), right; j < end; j = right)
        {
            right = j - ((j - left) % tile) + tile;
            int tiles = (right - lead + TLanes.TileRows - 1) / TLanes.TileRows;
            for (int i = RowOf(part), below = RowOf(part + 1); i < below; i += TLanes.TileRows)
            {
                // Vectors wholly below the diagonal are left out. Chunks come last: their tile of C then stays near.
                int from = i <= j ? j : j + ((i - j) / TLanes.Count * TLanes.Count), vectors = (right - from) / TLanes.Count;
                nint ui = Offset(i), next = Offset(i + ColumnsAhead < right ? i + ColumnsAhead : lead), vj = (left * k) + (from - left);
                double* place = c + ((nint)i * ldc) + from;
                for (int chunk = 0; chunk < u.Length; chunk++)
                {
                    T* rows = (T*)u[chunk], a = rows + ui, b = (T*)v[chunk] + vj;
                    byte* line = ahead.Take();
                    AddingSink<TLanes, TVector, T> sink = line != null ? new(place, ldc, line - ahead.Stride, ahead.Stride) : new(place, ldc, (byte*)(rows + next - width), width * sizeof(T));
                    if (vectors == 3)
                        ProductTile<TLanes, TVector, T>.Run<ThreeVectors, AddingSink<TLanes, TVector, T>>(k, a, width, b, width, sink);
                    else if (vectors == 2)
                        ProductTile<TLanes, TVector, T>.Run<TwoVectors, AddingSink<TLanes, TVector, T>>(k, a, width, b, width, sink);
                    else
                        ProductTile<TLanes, TVector, T>.Run<OneVector, AddingSink<TLanes, TVector, T>>(k, a, width, b, width, sink);
                }
            }

            int RowOf(int p) => lead + ((int)((long)tiles * p / parts) * TLanes.TileRows);
        }

        nint Offset(int column) => (column / width * width * k) + (column % width);
    }
}
