// What leaves the page: the stage as a picture, the walk as a handout.

#include <QStackedWidget>

#include "core/data/dataset.h"
#include "ui/pages/explain/cost_table.h"
#include "ui/pages/explain/cost_view.h"
#include "ui/pages/explain/explain_page.h"
#include "ui/pages/explain/handout_dialog.h"
#include "ui/pages/explain/model_view.h"
#include "ui/pages/explain/overview_picture.h"
#include "ui/pages/explain/statements_view.h"
#include "ui/pages/explain/tiles_view.h"
#include "ui/pages/explain/vector_plane.h"
#include "ui/scenes/input_name.h"
#include "ui/scenes/parts_figure.h"
#include "ui/scenes/sequence_words.h"
#include "ui/text/message_text.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/format.h"
#include "ui/widgets/matrix_picture.h"
#include "ui/widgets/stage_figure.h"

namespace lab {
namespace {

std::string joined(const std::vector<std::string>& tokens) {
    std::string text;
    for (const std::string& token : tokens) text += (text.empty() ? "" : " ") + token;
    return text;
}

}  // namespace

explain::WalkTitle ExplainPage::walkTitle() const {
    explain::WalkTitle title;
    if (m_example >= 0) {
        title.model = shown(m_exampleNow.name).toStdString();
        title.place = shown(m_exampleNow.about).toStdString();
        title.input = joined(m_exampleNow.tokens);
        return title;
    }
    const Run& run = *focus().run();
    const explain::Question q = question();
    const auto at = [](const std::vector<std::string>& tokens, int index) { return tokens[static_cast<std::size_t>(index)]; };
    title.model = tr("%1, step %2").arg(run.name(), grouped(focus().traceStep())).toStdString();
    title.place = tr("%1, head %2, query %3 \u201C%4\u201D, key %5 \u201C%6\u201D; all indices count from 0")
                      .arg(QString::fromStdString(run.model()->attentionBlocks()[static_cast<std::size_t>(q.block)].name))
                      .arg(q.head)
                      .arg(q.query)
                      .arg(QString::fromStdString(at(q.queryTokens, q.query)))
                      .arg(q.key)
                      .arg(QString::fromStdString(at(q.keyTokens, q.key)))
                      .toStdString();
    title.input = SequenceWords(run).caption(q.input).toStdString();
    if (hasOwnNumbers(q.input)) title.input = tr("%1 (with numbers set by hand)").arg(QString::fromStdString(title.input)).toStdString();
    return title;
}

std::vector<FigureOffer> ExplainPage::figures() {
    const explain::Stage* now = shownStage();
    if (!now) return lacksWalk() && modelPart() == QLatin1String("cost") ? costFigures() : std::vector<FigureOffer>();
    const explain::WalkTitle title = walkTitle();
    const QString whose =
        tr("%1. %2. Input: %3.")
            .arg(QString::fromStdString(title.model), QString::fromStdString(title.place), QString::fromStdString(title.input)) +
        QLatin1Char(' ');
    const QString prefix = fileNameOf(QString::fromStdString(title.model + " " + now->id));
    std::vector<FigureOffer> offers{{tr("This stage"), prefix, [copy = *now, cell = m_chosen, whose] {
                                         auto figure = std::make_unique<StageFigure>(copy, cell);
                                         figure->caption.prepend(whose);
                                         return figure;
                                     }}};
    if (explain::hasMatrix(*now))
        offers.push_back({tr("This matrix as a picture"), prefix + QStringLiteral("-matrix"), [copy = *now, cell = m_chosen, whose] {
                              auto figure = matrixFigure(copy, cell);
                              figure->caption.prepend(whose);
                              return figure;
                          }});
    if (now->id == "mix" || now->id == "weights")
        offers.push_back({tr("The same sum as vectors"), prefix + QStringLiteral("-vectors"), [scene = m_plane->scene(), whose] {
                              auto figure = planeFigure(scene, tr("The weighted sum as vectors"));
                              figure->caption.prepend(whose);
                              return figure;
                          }});
    if (const auto picture = overview())
        offers.insert(m_stack->currentWidget() == m_modelPage ? offers.begin() : offers.end(),
                      {tr("The whole transformer"),
                       fileNameOf(QString::fromStdString(title.model)) + QStringLiteral("-overview"),
                       [copy = *picture, whose] {
                           auto figure = overviewFigure(copy);
                           figure->caption.prepend(whose);
                           return figure;
                       },
                       {},
                       true});
    if (m_stack->currentWidget() == m_tilesPage) {
        const QString run = QString::fromStdString(title.model);
        const std::vector<FigureOffer> tiles = partOffers(*m_tiles, {run, -1, {}, QString::fromStdString(title.input)});
        offers.insert(offers.begin(), tiles.begin(), tiles.end());
    }
    if (modelPart() == QLatin1String("cost")) {
        const std::vector<FigureOffer> costs = costFigures();
        offers.insert(offers.begin(), costs.begin(), costs.end());
    }
    return offers;
}

/// Of the model alone: no step changes them.
std::vector<FigureOffer> ExplainPage::costFigures() const {
    const CostView& view = *m_model->cost();
    if (view.lines().empty()) return {};
    const FigureSubject subject{focus().run()->name()};
    const QString length = grouped(view.length());
    std::vector<FigureOffer> offers = partOffers(view, subject);
    offers.push_back(tableOffer(tr("Cost at %1 tokens").arg(length), *view.table(),
                                tr("What the model takes to read %1 tokens, by the pattern of its attention").arg(length), subject));
    return ofNoRun(std::move(offers), subject);
}

void ExplainPage::openHandout() {
    if (m_walk.stages.empty()) return;
    HandoutDialog dialog(m_walk, walkTitle(), this);
    dialog.exec();
}

QJsonObject ExplainPage::notes() const {
    return m_statements->judgements();
}

void ExplainPage::takeNotes(const QJsonObject& notes) {
    m_statements->setJudgements(notes);
}

/// Leaves the laboratory, the statements or a message.
bool ExplainPage::escape() {
    QWidget* home = lacksWalk() ? static_cast<QWidget*>(m_empty) : m_content;
    if (m_stack->currentWidget() == home || (home == m_content && !m_hasWalk)) return false;
    m_stack->setCurrentWidget(home);
    return true;
}

}  // namespace lab
