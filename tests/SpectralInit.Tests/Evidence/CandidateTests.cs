namespace SpectralInit.Evidence.Tests;

public class CandidateTests
{
    [Fact]
    public void Every_candidate_sets_finite_weights_and_depends_on_nothing_but_rows_and_seed()
    {
        (string Name, DataSet Set, Network Make, Network Again)[] cases =
        [
            ("perceptron", MadeData.All["imbalanced"](), Network.Perceptron(20, [24, 8], 3, Activation.Relu), Network.Perceptron(20, [24, 8], 3, Activation.Relu)),
            ("regression", MadeData.All["waves"](), Network.Perceptron(12, [30], 2, Activation.Tanh), Network.Perceptron(12, [30], 2, Activation.Tanh)),
            ("convolution", MadeData.All["windows"](), Convolutional(), Convolutional()),
        ];
        foreach ((string name, DataSet set, Network network, Network again) in cases)
        {
            LabeledRows train = new Split(set, 40, set.Standardization, 1).Final().Train;
            foreach (Candidate candidate in Candidates.All)
            {
                candidate.Initialize(new InitializationContext(network, train, Activation.Relu, 3));
                candidate.Initialize(new InitializationContext(again, train, Activation.Relu, 3));
                network.Parameters.Should().OnlyContain(value => float.IsFinite(value), $"{candidate.Name} on {name}");
                network.Parameters.Should().Equal(again.Parameters, $"{candidate.Name} on {name}");
                network.WeightLayers.Any(layer => layer.Weights.IndexOfAnyExcept(0f) < 0).Should().BeFalse($"{candidate.Name} on {name}");
            }
        }
    }

    [Fact]
    public void Names_are_unique_and_the_first_is_the_reference()
    {
        Candidates.All.Select(candidate => candidate.Name).Should().OnlyHaveUniqueItems().And.StartWith(Candidate.Reference);
        Candidates.Find("power0.5+readout").Summary.Should().Contain("ridge readout");
    }

    private static Network Convolutional() => Network.Convolutional(new ImageSize(8, 8, 1), [4, 6], [10], 4, Activation.Relu);
}
