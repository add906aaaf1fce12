namespace SpectralInit.Evidence;

/// <summary>The words that the features of a data set name, and the text that tables of word vectors may be made from.</summary>
/// <param name="Vocabulary">The word of every number; 0 stands for all rare words.</param>
/// <param name="Dimension">Width of the embedding.</param>
/// <param name="TrainingText">The text without the part that test rows are from, word by word.</param>
/// <param name="Averaged">A row is a passage, and the mean of its words' rows goes on; else they lie side by side.</param>
internal sealed record WordList(IReadOnlyList<string> Vocabulary, int Dimension, IReadOnlyList<string> TrainingText, bool Averaged = false);
