#include "ui/pages/stream/joint_panel.h"

#include <QVBoxLayout>
#include <algorithm>

#include "core/base/number_text.h"
#include "core/config/experiment.h"
#include "ui/scenes/head_names.h"
#include "ui/scenes/sequence_words.h"
#include "ui/text/message_text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/wrapped_text.h"

namespace lab {

JointPanel::JointPanel(QWidget* parent) : PanelFrame(tr("What the two heads do together"), parent) {
    setSubtitle(tr("on this input"));
    auto* body = new QWidget;
    auto* lines = new QVBoxLayout(body);
    m_view = named("stream.circuits.together", new JointView);
    m_view->setToolTip(tr("The keys with the most weight, drawn from %1 on. Click a token, or Left and Right, for another query.")
                           .arg(fixed(JointScene::leastArc, 1)));
    m_words = new WrappedText(3);
    lines->addWidget(m_view, 1);
    lines->addWidget(m_words);
    keepSpacing(lines, {8, 4, 8, 4}, 2);
    setContent(body);
    connect(m_view, &JointView::queryChosen, this, &JointPanel::queryChosen);
}

QString JointPanel::words(const JointLook& joint, PathEnd end) const {
    const auto at = [&](int position) { return tr("position %1 “%2”").arg(QString::number(position), m_scene.tokens.value(position)); };
    const QString later =
        tr("At %1, %2 gives most weight to %3 (%4).").arg(at(joint.query), m_scene.secondName, at(joint.key), cellNumber(joint.weight));
    const QString earlier =
        tr("At %1, %2 looked at %3 (%4)").arg(at(joint.place), m_scene.firstName, at(joint.source), cellNumber(joint.sourceWeight));
    const QString role = end == PathEnd::query ? tr("%1: what it wrote there is part of the query.").arg(earlier)
                         : end == PathEnd::key ? tr("%1: what it wrote there is part of the key that is found.").arg(earlier)
                                               : tr("%1: what it wrote there is part of what is copied.").arg(earlier);
    return sentences({later, role});
}

void JointPanel::showLook(const CircuitLook& look, const Run& run, const Input& input, int query, const QStringList& tokens) {
    m_scene = {};
    QString said;
    if (const auto& looks = look.together; !looks.empty()) {
        const auto& blocks = run.model()->attentionBlocks();
        const Architecture architecture = run.experiment().model.architecture;
        const AttentionBlock &first = blocks[static_cast<std::size_t>(look.first.block)],
                             &second = blocks[static_cast<std::size_t>(look.second.block)];
        const bool targets = second.side == "decoder" && !input.targetTokens.empty();
        m_scene.tokens = SequenceWords(run).all(input, targets);
        m_scene.firstName = shortHeadName(first, look.first.head, architecture);
        m_scene.secondName = shortHeadName(second, look.second.head, architecture);
        const int telling = query >= 0 ? query : tellingLook(looks);
        m_scene.look = looks[static_cast<std::size_t>(telling >= 0 && telling < std::ssize(looks) ? telling : std::ssize(looks) - 1)];
        const auto& read = targets ? input.targetTokens : input.tokens;
        const auto found = std::ranges::find(look.tokens, read[static_cast<std::size_t>(m_scene.look->key)]);
        if (look.writes.size() > 0 && found != look.tokens.end()) {
            Eigen::Index most = 0;
            look.writes.row(found - look.tokens.begin()).maxCoeff(&most);
            m_scene.written = tokens.value(most);
        }
        said = words(*m_scene.look, look.end);
    }
    m_view->setScene(m_scene, said);
    m_words->setText(said);
}

FigureOffer JointPanel::figure(const FigureSubject& of) const {
    return {title(), figureFile(of, title()), [of, name = title(), scene = m_scene, said = m_words->text()] {
                auto figure = std::make_unique<PartsFigure>();
                figure->title = name;
                figure->caption = sentences({subjectCaption(of, name), said});
                figure->body = QSizeF(560, 150);
                figure->parts.push_back({QString(), QRectF(QPointF(), figure->body), nullptr});
                figure->parts.back().paint = [scene](QPainter& painter, const QSizeF& room) {
                    scene.paint(painter, QRectF(QPointF(), room));
                };
                figure->numbers.header = {"query", "key", "weight", "place", "source", "source_weight"};
                if (scene.look)
                    figure->numbers.rows.push_back({std::to_string(scene.look->query), std::to_string(scene.look->key),
                                                    numberText(scene.look->weight), std::to_string(scene.look->place),
                                                    std::to_string(scene.look->source), numberText(scene.look->sourceWeight)});
                return figure;
            }};
}

}  // namespace lab
