using System.IO.MemoryMappedFiles;

namespace SpectralInit;

/// <summary>Rows in a memory-mapped file: nothing is read before it is asked for, and the file may exceed memory.</summary>
internal sealed unsafe class MappedRowSource : IndexedRowSource
{
    private readonly MemoryMappedViewAccessor? _view;
    private readonly long _offset;
    private readonly ElementFormat _format;
    private readonly bool _columnMajor;

    /// <param name="path">The file; its length has been checked.</param>
    /// <param name="offset">First byte of the first row.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Features per row.</param>
    /// <param name="format">How a value is stored.</param>
    /// <param name="columnMajor">True when the file stores column after column.</param>
    public MappedRowSource(string path, long offset, long rows, int columns, ElementFormat format, bool columnMajor = false)
        : base(rows, columns, format.IsSingle)
    {
        _offset = offset;
        _format = format;
        _columnMajor = columnMajor;
        if (rows == 0)
            return;

        // The view's handle is released by its finalizer: a row source needs no disposal.
        using MemoryMappedFile file = MemoryMappedFile.CreateFromFile(
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read), null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
    }

    public override void Copy<U>(long first, int count, Span<U> destination)
    {
        if (count == 0)
            return;
        byte* start = null;
        try
        {
            _view!.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            start += _view.PointerOffset + _offset;
            if (!_columnMajor)
            {
                _format.Decode(start + (first * Columns * _format.Size), destination[..(count * Columns)]);
                return;
            }

            U[] column = new U[count];
            for (int j = 0; j < Columns; j++)
            {
                _format.Decode<U>(start + (((j * Rows) + first) * _format.Size), column);
                for (int i = 0; i < count; i++)
                    destination[(i * Columns) + j] = column[i];
            }
        }
        finally
        {
            if (start != null)
                _view!.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }
}
