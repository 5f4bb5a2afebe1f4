#include "core/data/picture_dataset.h"

#include <algorithm>

#include "core/base/errors.h"
#include "core/config/experiment.h"
#include "core/data/loaded_task.h"
#include "core/data/tokenizers/integer_tokenizer.h"
#include "core/data/tokenizers/word_tokenizer.h"
#include "core/data/vector_sample.h"
#include "core/pictures/patches.h"
#include "core/pictures/picture_files.h"
#include "core/pictures/shapes.h"

namespace lab {
namespace {

/// Some pictures of a file, one after the other.
class PicturesOfFile : public PictureSource {
public:
    PicturesOfFile(std::shared_ptr<const PictureSet> set, int first, int count) : m_set(std::move(set)), m_first(first), m_count(count) {}

    int count() const override { return m_count; }
    int labelOf(int i) const override { return m_set->labels[static_cast<std::size_t>(m_first + i)]; }
    std::vector<std::uint8_t> picture(int i) const override {
        const auto picture = m_set->picture(m_first + i);
        return {picture.begin(), picture.end()};
    }

private:
    std::shared_ptr<const PictureSet> m_set;
    int m_first;
    int m_count;
};

std::shared_ptr<const Tokenizer> classTokenizer(std::vector<std::string> classes, int count) {
    if (!classes.empty()) return std::make_shared<WordTokenizer>(std::move(classes));
    return std::make_shared<IntegerTokenizer>(count);
}

/// What the model must be for pictures of this size, where the experiment leaves it open; what it says itself must do.
void completeModelForPictures(Experiment& experiment, const PictureFrame& frame, int classes) {
    ModelConfig& model = experiment.model;
    const int classToken = model.class_token ? 1 : 0, length = frame.patches() + classToken;
    if (!model.vocab_size) model.vocab_size = 1 + classToken;
    if (!model.num_classes) model.num_classes = classes;
    if (!model.max_seq_len) model.max_seq_len = length;
    if (!model.input_dim) model.input_dim = frame.numbers();
    if (*model.num_classes < classes)
        throw InputError("model.num_classes", Message(LAB_TEXT("data", "%1 is too small; the labels are 0 to %2, so use at least %3"))
                                                  .arg(*model.num_classes)
                                                  .arg(classes - 1)
                                                  .arg(classes));
    if (*model.input_dim != frame.numbers())
        throw InputError("model.input_dim", Message(LAB_TEXT("data", "%1 differs from the %2 numbers of a patch; use %2 or leave it out"))
                                                .arg(*model.input_dim)
                                                .arg(frame.numbers()));
    if (model.isBounded() && *model.max_seq_len < length)
        throw InputError("model.max_seq_len",
                         Message(LAB_TEXT("data", "%1 is too small; a picture is read as %2 positions, so use at least %2"))
                             .arg(*model.max_seq_len)
                             .arg(length));
}

void requirePatchFits(const PicturesConfig& pictures, const PictureSet& set) {
    const int side = std::min(set.width, set.height);
    if (pictures.patch <= side) return;
    throw InputError("task.patch", Message(LAB_TEXT("data", "%1 does not fit the pictures, which are %2 x %3 pixels; use at most %4"))
                                       .arg(pictures.patch)
                                       .arg(set.width)
                                       .arg(set.height)
                                       .arg(side));
}

/// How many of the training file's pictures are validated on: what is asked for, or a tenth.
int validationOf(Experiment& experiment, int pictures) {
    constexpr int most = 5000;
    if (!experiment.task.validation_size) experiment.task.validation_size = std::min(pictures / 10, most);
    const int size = *experiment.task.validation_size, left = pictures - size;
    if (left < 1)
        throw InputError("task.validation_size",
                         Message(LAB_PLURAL("data", "%1 leaves nothing to train on; there are %n picture(s)")).arg(size).count(pictures));
    if (experiment.training.shuffle && experiment.training.batch_size > left)
        throw InputError("training.batch_size",
                         Message(LAB_PLURAL("data", "%1 is larger than the %n picture(s) to train on; an epoch then has no whole batch"))
                             .arg(experiment.training.batch_size)
                             .count(left));
    return size;
}

LoadedTask loadPictureFiles(Experiment experiment, const std::filesystem::path& folder, const Watch& watch) {
    PictureFiles files = readPictureFiles(experiment.task.path, folder, watch);
    requirePatchFits(experiment.task.pictures, files.train);
    const PictureFrame frame = pictureFrameOf(experiment.task.pictures, files.train.width, files.train.height);
    completeModelForPictures(experiment, frame, std::max(files.numClasses(), static_cast<int>(files.classes.size())));
    const int pictures = files.train.count(), validation = validationOf(experiment, pictures), train = pictures - validation;
    const auto set = std::make_shared<const PictureSet>(std::move(files.train));
    const auto test = std::make_shared<const PictureSet>(std::move(files.test));
    auto dataset = std::make_shared<PictureDataset>(experiment, frame, std::make_shared<PicturesOfFile>(set, 0, train),
                                                    std::make_shared<PicturesOfFile>(set, train, validation),
                                                    std::make_shared<PicturesOfFile>(test, 0, test->count()), std::move(files.classes));
    return {std::move(experiment), std::move(dataset)};
}

LoadedTask drawnShapes(Experiment experiment) {
    const TaskConfig& task = experiment.task;
    const PictureFrame frame = pictureFrameOf(task.pictures, shapesSide, shapesSide);
    completeModelForPictures(experiment, frame, static_cast<int>(shapeNames.size()));
    const auto part = [&task](std::string_view name, int count) { return std::make_shared<ShapesSource>(task.seed, name, count); };
    auto dataset = std::make_shared<PictureDataset>(experiment, frame, part("train", task.train_size),
                                                    part("validation", task.validation_size.value_or(0)), part("test", task.test_size),
                                                    std::vector<std::string>(shapeNames.begin(), shapeNames.end()));
    return {std::move(experiment), std::move(dataset)};
}

}  // namespace

PictureDataset::PictureDataset(const Experiment& experiment, const PictureFrame& frame, PicturePart train, PicturePart validation,
                               PicturePart test, std::vector<std::string> classes)
    : m_model(experiment.model),
      m_frame(frame),
      m_train(std::move(train)),
      m_validation(std::move(validation)),
      m_test(std::move(test)),
      m_tokenizer(classTokenizer(std::move(classes), experiment.model.num_classes.value_or(0))) {}

Sample PictureDataset::sampleOf(const PictureSource& part, int i) const {
    Sample sample = vectorSample(m_model, cutPatches(part.picture(i), m_frame), m_frame.patches());
    askByReadout(m_model, sample, part.labelOf(i));
    return sample;
}

LoadedTask loadPictures(Experiment experiment, const std::filesystem::path& folder, const Watch& watch) {
    return experiment.task.kind->readsFiles() ? loadPictureFiles(std::move(experiment), folder, watch) : drawnShapes(std::move(experiment));
}

std::vector<float> pictureOf(const Sample& sample, const PictureFrame& frame) {
    return joinPatches(std::span(sample.vectors).last(static_cast<std::size_t>(frame.patches() * frame.numbers())), frame);
}

}  // namespace lab
