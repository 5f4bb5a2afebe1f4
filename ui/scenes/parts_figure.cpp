#include "ui/scenes/parts_figure.h"

#include <QCoreApplication>
#include <QPainter>
#include <QWidget>
#include <algorithm>
#include <cmath>

#include "core/base/number_text.h"
#include "ui/runs/token_text.h"
#include "ui/text/message_text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/text_table.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/value_map.h"
#include "ui/widgets/xy_plot.h"

namespace lab {
namespace {

constexpr double plotWidth = 620, plotHeight = 300, tableWidth = 860;  // logical px

struct Words {
    Q_DECLARE_TR_FUNCTIONS(PartsFigure)
};

void paintPart(QPainter& painter, const PartsFigure::Part& part, double width) {
    const Theme& theme = Theme::instance();
    double top = 0;
    if (!part.heading.isEmpty()) {
        painter.setFont(theme.font(TextSize::text, true));
        painter.setPen(theme.color(Role::text));
        painter.drawText(QRectF(0, 0, width, figureHeadingHeight), Qt::AlignLeft | Qt::AlignVCenter, part.heading);
        top = figureHeadingHeight;
    }
    if (part.legend) {
        part.legend->resize(part.legend->sizeHint());
        const double legendHeight = std::max<double>(figureHeadingHeight, part.legend->height());
        const bool beside = part.legend->width() < width * 0.62;
        const double left = beside ? width - part.legend->width() : 0;
        part.legend->render(&painter, QPoint(qRound(left), qRound(beside ? 0 : top)), QRegion(), {});
        top = std::max(top, beside ? legendHeight : top + legendHeight);
    }
    part.widget->resize(qRound(width), qRound(part.place.height() - top));
    part.widget->render(&painter, QPoint(0, qRound(top)), QRegion(), {});
}
FigureTable seriesTable(const XyPlot& plot) {
    FigureTable table;
    table.header = {"curve", "x", "y"};
    for (const XySeries& series : plot.series())
        for (std::size_t i = 0; i < series.x.size(); ++i)
            table.rows.push_back(
                {series.name.toStdString(), numberText(series.x[i]), std::isfinite(series.y[i]) ? numberText(series.y[i]) : ""});
    return table;
}

FigureTable cellTable(const ValueMap& map) {
    FigureTable table;
    table.header = {map.rowAxis().toStdString(), map.columnAxis().toStdString(), map.quantity().toStdString()};
    for (int r = 0; r < map.data().rows; ++r)
        for (int c = 0; c < map.data().columns; ++c)
            table.rows.push_back({std::to_string(r), std::to_string(c), map.data().masked(r, c) ? "" : numberText(map.data().value(r, c))});
    return table;
}

FigureTable wordTable(const TextTable& words) {
    FigureTable table;
    for (const QString& title : words.titles()) table.header.push_back(plainFormula(title).toStdString());
    for (const TextTable::Row& row : words.rows()) {
        table.rows.emplace_back();
        for (const QString& cell : row.cells) table.rows.back().push_back(plainFormula(cell).toStdString());
    }
    return table;
}

std::unique_ptr<PartsFigure> singlePart(const FigureSubject& subject, const QString& name, const QSizeF& body) {
    auto figure = std::make_unique<PartsFigure>();
    figure->title = name;
    figure->caption = subjectCaption(subject, name);
    figure->body = body;
    return figure;
}

}  // namespace

QString subjectCaption(const FigureSubject& subject, const QString& what) {
    if (subject.step < 0) return QStringLiteral("%1 (%2).").arg(what, subject.run);
    const QString step = grouped(subject.step);
    const QString whose = subject.head.isEmpty() ? Words::tr("'%1' after step %2.").arg(subject.run, step)
                                                 : Words::tr("%1 of '%2' after step %3.").arg(subject.head, subject.run, step);
    return sentences({what + QLatin1Char('.'), whose, subject.input.isEmpty() ? QString() : Words::tr("Input: %1.").arg(subject.input)});
}

void PartsFigure::paintBody(QPainter& painter, double width) const {
    const double across = bodySize(width).width() / body.width();
    for (const Part& part : parts) {
        painter.save();
        painter.translate(part.place.left() * across, part.place.top());
        paintPart(painter, part, part.place.width() * across);
        painter.restore();
    }
}

QString inputWords(const Run& run, const Input& input) {
    const auto words = [&run](const std::vector<int>& tokens) { return tokenTexts(*run.dataset(), tokens).join(QLatin1Char(' ')); };
    if (input.targetTokens.empty()) return words(input.tokens);
    return Words::tr("%1; target input: %2").arg(words(input.tokens), words(input.targetTokens));
}

std::vector<PartFigure> partFigures(const QWidget& view, const FigureSubject& subject) {
    std::vector<PartFigure> figures;
    for (const ValueMap* map : view.findChildren<ValueMap*>()) {
        if (!map->isVisibleTo(&view) || map->data().empty()) continue;
        auto copy = std::make_shared<ValueMap>(map->name());
        copy->copy(*map);
        figures.push_back({map->name(), [=] {
                               const double side = std::clamp(copy->data().rows * 12.0, 260.0, 620.0);
                               auto figure = singlePart(subject, copy->name(), QSizeF(plotWidth, side + 90));
                               figure->parts.push_back({QString(), QRectF(QPointF(), figure->body), copy});
                               figure->numbers = cellTable(*copy);
                               return figure;
                           }});
    }
    for (const XyPlot* plot : view.findChildren<XyPlot*>()) {
        if (!plot->isVisibleTo(&view) || plot->series().empty()) continue;
        auto copy = std::make_shared<XyPlot>(plot->name());
        copy->copy(*plot);
        figures.push_back({plot->name(), [=] {
                               auto figure = singlePart(subject, copy->name(), QSizeF(plotWidth, plotHeight + figureHeadingHeight));
                               figure->parts.push_back({QString(), QRectF(QPointF(), figure->body), copy, copy->legend()});
                               figure->numbers = seriesTable(*copy);
                               return figure;
                           }});
    }
    for (const TextTable* words : view.findChildren<TextTable*>()) {
        if (!words->isVisibleTo(&view) || words->rows().empty()) continue;
        auto copy = std::make_shared<TextTable>(words->name());
        copy->copy(*words);
        figures.push_back({words->name(), [=] {
                               auto figure = singlePart(subject, copy->name(), QSizeF(tableWidth, copy->fullHeight()));
                               figure->parts.push_back({QString(), QRectF(QPointF(), figure->body), copy});
                               figure->numbers = wordTable(*copy);
                               return figure;
                           }});
    }
    return figures;
}

}  // namespace lab
