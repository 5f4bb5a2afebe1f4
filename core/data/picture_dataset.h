#pragma once

#include <filesystem>

#include "core/base/watched_reading.h"
#include "core/config/model_config.h"
#include "core/data/dataset.h"
#include "core/pictures/picture_set.h"
#include "core/tasks/picture_frame.h"

namespace lab {

struct LoadedTask;
struct Experiment;

/// The pictures of one part; null where there are none.
using PicturePart = std::shared_ptr<const PictureSource>;

/// Pictures, kept as bytes and cut into patches when a sample is asked for: a vector a patch, behind the class token of a model that has
/// one, and the picture's class wherever model.readout answers. Its tokenizer has the names of the classes.
class PictureDataset : public Dataset {
public:
    /// `experiment` complete.
    PictureDataset(const Experiment& experiment, const PictureFrame& frame, PicturePart train, PicturePart validation, PicturePart test,
                   std::vector<std::string> classes);

    int trainSize() const override { return m_train->count(); }
    int validationSize() const override { return m_validation->count(); }
    int testSize() const override { return m_test->count(); }
    Sample trainSample(int i) const override { return sampleOf(*m_train, i); }
    Sample validationSample(int i) const override { return sampleOf(*m_validation, i); }
    Sample testSample(int i) const override { return sampleOf(*m_test, i); }
    const Tokenizer& tokenizer() const override { return *m_tokenizer; }
    const PictureFrame* pictures() const override { return &m_frame; }

    const PictureSource& train() const { return *m_train; }
    const PictureSource& validation() const { return *m_validation; }
    const PictureSource& test() const { return *m_test; }

private:
    Sample sampleOf(const PictureSource& part, int i) const;

    ModelConfig m_model;
    PictureFrame m_frame;
    PicturePart m_train, m_validation, m_test;
    std::shared_ptr<const Tokenizer> m_tokenizer;
};

/// Reads the files of `images`, or draws `shapes`. `experiment` resolved and valid; what the files say is added to it. Throws InputError.
LoadedTask loadPictures(Experiment experiment, const std::filesystem::path& folder, const Watch& watch = {});

/// Of a sample of pictures: its picture, [height, width, channels], 0 .. 1.
std::vector<float> pictureOf(const Sample& sample, const PictureFrame& frame);

}  // namespace lab
