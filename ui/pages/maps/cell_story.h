#pragma once

#include <QString>
#include <optional>
#include <vector>

#include "core/analysis/map_stage.h"
#include "core/analysis/softmax_steps.h"
#include "core/config/attention_form.h"
#include "core/config/position_kind.h"
#include "ui/widgets/panel.h"

namespace lab {

class Button;

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
    bool scoresSet = false;     ///< by hand: they need not follow from q and k
    bool madeUniform = false;   ///< the head's weights are even, whatever its scores are
    double softCap = 0.0;       ///< of this block's scores; 0: none
    bool sink = false;          ///< a share of each row goes to no key
    bool unitKeys = false;      ///< divided by their lengths, so that they are no queries any more
    bool memory = false;        ///< the key is of an earlier segment
    bool differential = false;  ///< weights are differences of two heads' shares

    bool sharesKeys() const { return !specOf(form).ownQuery && !unitKeys && !cross; }
};

/// The steps held against what the model computed: "checked against the model: ...". Neither good nor bad where they do not apply.
struct StoryCheck {
    QString text;
    std::optional<bool> agrees;
};
StoryCheck storyCheck(const SoftmaxSteps& steps, const StoryContext& context);

/// From the gradients of a row's weights to that of one of its scores.
QString scoreGradientFormula(const StoryContext& context);

/// What a stage of the maps adds to the steps, behind the weight; `value` is the cell's there.
std::vector<StoryLine> stageLines(MapStage stage, double value, const SoftmaxSteps& steps, const StoryContext& context);

/// The steps from q and k to the weight in words and numbers.
std::vector<StoryLine> storyLines(const SoftmaxSteps& steps, const StoryContext& context);

/// The full story of one cell: the products element by element, every operation, and a check against what the model computed. Leads on to
/// the Explain page, and locks the cell.
class CellStory : public PanelFrame {
    Q_OBJECT

public:
    explicit CellStory(QWidget* parent = nullptr);

    /// `further` lines follow the weight.
    void setCell(const QString& title, int query, int key, const SoftmaxSteps& steps, const StoryContext& context,
                 const std::vector<StoryLine>& further = {});
    void clear();
    void setLocked(bool locked);

signals:
    void explanationWanted();
    void lockWanted(bool locked);

private:
    QWidget* makeFoot();

    class Body;
    Body* m_body;
    Button* m_explain;
    Button* m_lock;
};

}  // namespace lab
