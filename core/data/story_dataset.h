#pragma once

#include <unordered_map>

#include "core/data/dataset.h"
#include "core/tasks/task_config.h"
#include "core/text/stories/story.h"

namespace lab {

/// A word of a story that is asked for, as positions of its sample.
struct StoryCell {
    int position = 0;  ///< whose target the word is
    int source = 0;    ///< where the word stands that it follows from
    int group = 0;     ///< index into StoryPhenomenon::table()

    bool operator==(const StoryCell&) const = default;
};

/// Stories, told when they are asked for. A sample is one story: each token's target is the next one. The groups of its targets are the
/// phenomena, in the order of their table.
class StoryDataset : public Dataset {
public:
    /// `experiment` resolved and valid.
    explicit StoryDataset(const Experiment& experiment);

    int trainSize() const override { return m_task.train_size; }
    int validationSize() const override { return m_task.validation_size.value_or(0); }
    int testSize() const override { return m_task.test_size; }
    Sample trainSample(int i) const override { return sampleOf(trainStory(i)); }
    Sample validationSample(int i) const override { return sampleOf(validationStory(i)); }
    Sample testSample(int i) const override;
    const Tokenizer& tokenizer() const override { return *m_tokenizer; }
    std::optional<double> bytesPerToken() const override { return m_bytesPerToken; }
    int targetGroups() const override;
    TargetGroups validationGroups(int i) const override;

    Story trainStory(int i) const;
    Story validationStory(int i) const;
    std::vector<StoryCell> cellsOf(const Story& told) const;
    Sample sampleOf(const Story& told) const;
    StoriesSettings settings() const;

private:
    TaskConfig m_task;
    std::shared_ptr<const Tokenizer> m_tokenizer;
    std::unordered_map<std::string, int> m_ids;  ///< of the vocabulary's tokens
    double m_bytesPerToken = 1;
};

/// The stories of a data set; null: it has others.
const StoryDataset* storiesOf(const Dataset& dataset);

}  // namespace lab
