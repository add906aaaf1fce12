using MathNet.Numerics.LinearAlgebra;

namespace SpectralInit.Tests.Contract;

/// <summary>An index out of range is answered with what is counted, how many there are, and what to do.</summary>
public class IndexTests
{
    private static readonly double[] s_square = [4, 1, 0, 1, 3, 1, 0, 1, 2];

    [Fact]
    public void Messages_say_what_is_counted_and_what_to_do()
    {
        EigenPairs all = SymmetricEigen.Decompose(s_square, 3), two = SymmetricEigen.Leading(s_square, 3, 2), one = SymmetricEigen.Leading(s_square, 3, 1), none = SymmetricEigen.Leading(s_square, 3, 0);
        SingularTriples triples = SingularValueDecomposition.Decompose(s_square, 3, 3), few = TruncatedSvd.Decompose(Matrix<double>.Build.Dense(3, 3, s_square), 2);
        DenseNetwork dense = new(DenseLayer.Stack([3, 4, 2], LayerActivation.Relu), RowSource.From(s_square, 3));
        DelegateNetwork foreign = new([(WeightShape.Dense(3, 2), LayerActivation.Identity)], _ => RowSource.From(s_square, 3), _ => (new double[6], new double[2]), (_, _, _) => { });
        (Action Call, string Parameter, int Value, string Message)[] calls =
        [
            (() => all.Vector(3), "i", 3, "There are 3 eigenvectors, 0 to 2; dimension 3 has no more."),
            (() => two.Vector(-1), "i", -1, "There are 2 eigenvectors, 0 to 1; ask for more*Components."),
            (() => one.Vector(1), "i", 1, "There is one eigenvector, number 0; ask for more*"),
            (() => none.Vector(0), "i", 0, "There are no eigenvectors; ask for more*"),
            (() => triples.LeftVector(3), "i", 3, "There are 3 left singular vectors, 0 to 2; a 3×3 matrix has no more."),
            (() => few.RightVector(2), "i", 2, "There are 2 right singular vectors, 0 to 1; ask for more*count*"),
            (() => SparseMatrix.FromEntries(2, 5, []).Row(2), "row", 2, "There are 2 rows, 0 to 1."),
            (() => dense.ShapeOf(2), "layer", 2, "There are 2 layers, 0 to 1."),
            (() => foreign.ShapeOf(1), "layer", 1, "There is one layer, number 0."),
            (() => foreign.ActivationOf(-1), "layer", -1, "There is one layer, number 0."),
            (() => foreign.InputsOf(1), "layer", 1, "There is one layer, number 0."),
            (() => foreign.Read(1, new double[6], new double[2]), "layer", 1, "There is one layer, number 0."),
            (() => foreign.Write(1, new double[6], new double[2]), "layer", 1, "There is one layer, number 0."),
            (() => GateBias.Lstm<float>(2, forgetGate: 4), "forgetGate", 4, "There are 4 gates, 0 to 3; the forget gate is 1 in PyTorch*"),
            (() => SymmetricEigen.Decompose(s_square, 3, 4), "count", 4, "A 3×3 matrix has 3 eigenpairs; ask for 0 to 3."),
            (() => TruncatedSvd.Decompose(Matrix<double>.Build.Dense(3, 2), 3), "count", 3, "A 3×2 matrix has 2 singular triples; ask for 0 to 2."),
        ];
        foreach ((Action call, string parameter, int value, string message) in calls)
        {
            ArgumentOutOfRangeException thrown = call.Should().ThrowExactly<ArgumentOutOfRangeException>().WithMessage(message + "*").Which;
            thrown.ParamName.Should().Be(parameter);
            thrown.ActualValue.Should().Be(value);
        }
    }
}
