#include "ui/pages/incontext/statements_panel.h"

#include <QVBoxLayout>

#include "ui/text/message_text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/verdict.h"
#include "ui/widgets/wrapped_text.h"

namespace lab {
namespace {

constexpr int shownOfPrint = 8;  // letters of a fingerprint

}  // namespace

StatementsPanel::StatementsPanel(QWidget* parent) : PanelFrame(tr("What can be checked here"), parent) {
    setDense(true);
    auto* body = new QWidget;
    auto* lines = new QVBoxLayout(body);
    m_updated = new WrappedText(2);
    m_exact = new WrappedText(2);
    lines->addWidget(m_updated);
    lines->addWidget(m_exact);
    keepSpacing(lines, {8, 4, 8, 4}, 4);
    setContent(body);
}

QString StatementsPanel::nothingUpdated() const {
    return m_updated->text();
}

QString StatementsPanel::exactAndFitted() const {
    return m_exact->text();
}

void StatementsPanel::setScene(const RegressionScene& scene) {
    if (!scene.look) {
        m_updated->setText({});
        m_exact->setText({});
        return;
    }
    const InferenceEvidence& seen = scene.look->evidence;
    const QString before = qt(seen.before).left(shownOfPrint), after = qt(seen.after).left(shownOfPrint);
    m_updated->setRole(verdictRole(seen.isSame()));
    m_updated->setText(
        verdictText(seen.isSame(), tr("Nothing is updated while it answers: the fingerprint of its %1 weights is %2… before and %3… after.")
                                       .arg(grouped(static_cast<std::int64_t>(seen.weights)), before, after)));
    m_updated->setHelp(tr("SHA-256 of all weights’ bytes, before: %1, after: %2").arg(qt(seen.before), qt(seen.after)));
    if (!scene.study || scene.study->exact.scores.empty()) return m_exact->setText({});
    const ExactAndFitted& exact = scene.study->exact;
    m_exact->setText(
        tr("Attention computes similarity exactly (recomputed: off by %1), gradient descent approaches a fit: loss %2 now, the "
           "best single step %3.")
            .arg(differenceText(exact.largestDifference), significant(exact.loss, 4), significant(exact.reachable, 4)));
    m_exact->setHelp(
        tr("The %1 scores of the query in the first layer, as the model computed them in float and recomputed from the weights in "
           "double precision, relative to the largest; the loss is that of many prompts drawn for this.")
            .arg(exact.scores.size()));
}

}  // namespace lab
