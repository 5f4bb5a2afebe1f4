#pragma once

#include <QString>
#include <vector>

#include "core/analysis/softmax_steps.h"
#include "ui/widgets/panel.h"

namespace lab {

/// A line of the story: what is done, by which formula, and what comes out.
struct StoryLine {
    QString label;
    QString formula;
    QString value;
    bool result = false;  ///< the last one, tinted

    bool operator==(const StoryLine&) const = default;
};

/// What the story must know about the model to tell the steps in words.
struct StoryContext {
    AttentionForm form = AttentionForm::qkv;
    KernelKind kernel = KernelKind::softmax;
    PositionKind position = PositionKind::sinusoidal;
    bool cross = false;
};

/// The steps from q and k to the weight in words and numbers.
std::vector<StoryLine> storyLines(const SoftmaxSteps& steps, const StoryContext& context);

/// The full story of one cell: the products element by element, every operation, and a check against what the model computed.
class CellStory : public PanelFrame {
    Q_OBJECT

public:
    explicit CellStory(QWidget* parent = nullptr);

    void setCell(const QString& title, int query, int key, const SoftmaxSteps& steps, const StoryContext& context);
    void clear();

private:
    class Body;
    Body* m_body;
};

}  // namespace lab
