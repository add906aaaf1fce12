namespace SpectralInit;

/// <summary>The activations that leave a stack of layers, as rows: computed while they are read, so nothing of size n is held.</summary>
internal sealed class ActivationRows(IRowSource source, IReadOnlyList<DenseParameters> layers) : IRowSource
{
    public int Columns => layers.Count == 0 ? source.Columns : layers[^1].Layer.Outputs;

    public long? RowCount => source.RowCount;

    public bool IsSingle => false;

    /// <summary>Some of the rows; only they pass the layers.</summary>
    public ActivationRows Select(int[] chosen) => new(new SelectedRows(source, chosen), layers);

    public IRowReader Open() => new Reader(source.Begin(), source.Columns, layers);

    private sealed class Reader(IRowReader reader, int columns, IReadOnlyList<DenseParameters> layers) : IRowReader
    {
        private double[] _inputs = [];

        public int Read(Span<double> rows)
        {
            if (layers.Count == 0)
                return reader.Next(rows, columns);
            int wanted = rows.Length / layers[^1].Layer.Outputs;
            if (_inputs.Length < wanted * columns)
                _inputs = new double[wanted * columns];
            int count = reader.Next(_inputs.AsSpan(0, wanted * columns), columns);
            if (count == 0)
                return 0;
            double[] values = _inputs;
            for (int i = 0; i < layers.Count; i++)
                values = layers[i].Forward(values.AsSpan(0, count * layers[i].Layer.Inputs), count);
            values.CopyTo(rows);
            return count;
        }

        public int Read(Span<float> rows) => RowBuffer.ReadRounded(this, rows);

        public void Dispose() => reader.Dispose();
    }
}
