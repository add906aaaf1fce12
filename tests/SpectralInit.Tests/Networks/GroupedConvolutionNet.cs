using System.Numerics.Tensors;

namespace SpectralInit.Tests.Networks;

/// <summary>A small convolution net as another framework would own it: [1, 8, 8] → 3×3 padded → ReLU → 3×3 stride 2 with two groups → ReLU → dense.</summary>
internal sealed class GroupedConvolutionNet
{
    public const int Size = 8, First = 6, Second = 8, Half = 4;
    private readonly double[][] _weights;
    private readonly double[][] _biases;
    private readonly double[] _images;

    public GroupedConvolutionNet(double[] images, int outputs, WeightLayout layout = WeightLayout.OutputsFirst)
    {
        _images = images;
        Shapes =
        [
            WeightShape.Convolution(1, First, [3, 3], layout: layout),
            WeightShape.Convolution(First, Second, [3, 3], groups: 2, layout: layout),
            WeightShape.Dense(Second * Half * Half, outputs, layout),
        ];
        _weights = [.. Shapes.Select(shape => new double[shape.Count])];
        _biases = [.. Shapes.Select(shape => new double[shape.Outputs])];
        Network = new(
            [.. Shapes.Select((shape, i) => (shape, i < 2 ? LayerActivation.Relu : LayerActivation.Identity))],
            layer => layer == 2 ? RowSource.From(Arriving(2), Second * Half * Half) : PatchSource.Of(RowSource.From(Arriving(layer), Shapes[layer].Inputs * Size * Size), Shapes[layer], Geometry(layer), channelsLast: false),
            layer => (_weights[layer], _biases[layer]),
            (layer, weights, bias) => (_weights[layer], _biases[layer]) = (weights, bias));
    }

    public WeightShape[] Shapes { get; }

    public DelegateNetwork Network { get; }

    public int Count => _images.Length / (Size * Size);

    public double[] Weights(int layer) => _weights[layer];

    public double[] Outputs()
    {
        double[] rows = Arriving(2), weights = new double[Shapes[2].Count];
        int inputs = Shapes[2].Inputs, outputs = Shapes[2].Outputs;
        for (int i = 0; i < weights.Length; i++)
            weights[i] = _weights[2][Shapes[2].Layout == WeightLayout.OutputsFirst ? i : (i % inputs * outputs) + (i / inputs)];
        return [.. Enumerable.Range(0, Count * outputs).Select(i => _biases[2][i % outputs] + TensorPrimitives.Dot<double>(rows.AsSpan(i / outputs * inputs, inputs), weights.AsSpan(i % outputs * inputs, inputs)))];
    }

    /// <summary>Pre-activations of a convolution, [image, channel, position], by the convolution itself and not by its patches.</summary>
    public double[] Convolved(int layer)
    {
        ConvolutionOperator map = new(_weights[layer], Shapes[layer], Geometry(layer));
        double[] rows = Arriving(layer), pre = new double[Count * map.Rows];
        map.ApplyBlock(Count, rows, pre);
        int positions = map.Rows / Shapes[layer].Outputs;
        for (int i = 0; i < pre.Length; i++)
            pre[i] += _biases[layer][i / positions % Shapes[layer].Outputs];
        return pre;
    }

    private static ConvolutionGeometry Geometry(int layer) => new(Size, Size) { Stride = layer + 1, Padding = 1 };

    private double[] Arriving(int layer) => layer == 0 ? _images : [.. Convolved(layer - 1).Select(value => Math.Max(0, value))];
}
