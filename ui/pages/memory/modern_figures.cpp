#include "ui/pages/memory/modern_figures.h"

#include <QCoreApplication>

#include "core/base/number_text.h"

namespace lab {
namespace {

struct ModernFiguresText {
    Q_DECLARE_TR_FUNCTIONS(ModernFigures)
};

constexpr double flowWidth = 680, flowHeight = 250;  // logical px

}  // namespace

FigureOffer modernOffer(const ModernLookPtr& look, const VectorForm& form, const FigureSubject& subject) {
    const QString name = ModernFiguresText::tr("One update");
    return {name, figureFile(subject, name), [=] {
                auto figure = std::make_unique<PartsFigure>();
                figure->title = name;
                figure->caption =
                    subjectCaption(subject, ModernFiguresText::tr("Query, dot products, β = %1, softmax and mixture of one update")
                                                .arg(QString::fromStdString(numberText(look->asked.beta))));
                figure->body = QSizeF(flowWidth, flowHeight);
                figure->parts.push_back({QString(), QRectF(QPointF(), figure->body), nullptr});
                figure->parts.back().paint = [look, form](QPainter& painter, const QSizeF& room) {
                    ModernFlow::paint(painter, QRectF(QPointF(), room), *look, form);
                };
                figure->numbers.header = {"pattern", "dot", "beta_dot", "weight"};
                for (std::size_t i = 0; i < look->weights.size(); ++i)
                    figure->numbers.rows.push_back({look->asked.names[i], numberText(look->dots[i]),
                                                    numberText(look->asked.beta * look->dots[i]), numberText(look->weights[i])});
                return figure;
            }};
}

}  // namespace lab
