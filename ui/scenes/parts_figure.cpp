#include "ui/scenes/parts_figure.h"

#include <QCoreApplication>
#include <QPainter>
#include <QWidget>
#include <algorithm>
#include <cmath>

#include "core/base/number_text.h"
#include "ui/scenes/input_name.h"
#include "ui/scenes/sequence_words.h"
#include "ui/scenes/two_sides.h"
#include "ui/text/message_text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/map/map.h"
#include "ui/widgets/map/map_painter.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/table/data_table.h"
#include "ui/widgets/table/table_figure.h"
#include "ui/widgets/table/text_table.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

constexpr double plotWidth = 620, plotHeight = 300, tableWidth = 860;  // logical px
constexpr double mapRow = 12, leastMap = 260, largestMap = 620, aroundMap = 90;
constexpr double aboveSquare = 40;  // what a map of squares is higher than wide
constexpr double sideBySide = 0.6;  // of their width: parts that become narrower stand one below the other

struct PartsFigureWords {
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
    const QSizeF room(width, part.place.height() - top);
    if (part.paint) {
        painter.translate(0, top);
        return part.paint(painter, room);
    }
    part.widget->resize(room.toSize());
    part.widget->render(&painter, QPoint(0, qRound(top)), QRegion(), {});
}
FigureTable seriesTable(const Plot& plot) {
    FigureTable table;
    table.header = {"curve", "x", "y"};
    for (const PlotSeries& series : plot.series())
        for (std::size_t i = 0; i < series.x.size(); ++i)
            table.rows.push_back(
                {series.name.toStdString(), numberText(series.x[i]), std::isfinite(series.y[i]) ? numberText(series.y[i]) : ""});
    return table;
}

FigureTable cellTable(const MapContent& map) {
    FigureTable table;
    const MapData& data = map.data();
    table.header = {map.rows.toStdString(), map.columns.toStdString(), map.quantity.toStdString()};
    for (int r = 0; r < data.rows; ++r)
        for (int c = 0; c < data.columns; ++c)
            table.rows.push_back({std::to_string(r), std::to_string(c), data.masked(r, c) ? "" : numberText(data.value(r, c))});
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
    const QString whose = subject.head.isEmpty() ? PartsFigureWords::tr("'%1' after step %2.").arg(subject.run, step)
                                                 : PartsFigureWords::tr("%1 of '%2' after step %3.").arg(subject.head, subject.run, step);
    return sentences(
        {what + QLatin1Char('.'), whose, subject.input.isEmpty() ? QString() : PartsFigureWords::tr("Input: %1.").arg(subject.input)});
}

/// In little room, what stands side by side comes one below the other.
std::vector<QRectF> PartsFigure::placesFor(double width) const {
    const double across = width > 0 ? width / body.width() : 1.0;
    std::vector<QRectF> places;
    double lower = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const QRectF& place = parts[i].place;
        const bool beside = i > 0 && place.top() < parts[i - 1].place.bottom();
        if (across >= sideBySide) {
            places.emplace_back(place.left() * across, place.top(), place.width() * across, place.height());
            continue;
        }
        if (beside) lower += parts[i - 1].place.bottom() - place.top();
        places.emplace_back(0, place.top() + lower, width, place.height());
        if (parts[i].square) places.back().setHeight(std::min(place.height(), width + aboveSquare));
    }
    return places;
}

QSizeF PartsFigure::bodySize(double width) const {
    if (width <= 0) return body;
    double bottom = 0;
    for (const QRectF& place : placesFor(width)) bottom = std::max(bottom, place.bottom());
    return {width, bottom};
}

void PartsFigure::paintBody(QPainter& painter, double width) const {
    const std::vector<QRectF> places = placesFor(width);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        painter.save();
        painter.translate(places[i].topLeft());
        paintPart(painter, parts[i], places[i].width());
        painter.restore();
    }
}

QString inputWords(const Run& run, const Input& input) {
    const SequenceWords words(run);
    const QString text = bothSides(words.caption(input), input.targetTokens.empty() ? QString() : words.caption(input, true));
    return hasOwnNumbers(input) ? PartsFigureWords::tr("%1 (with numbers set by hand)").arg(text) : text;
}

QString figureFile(const FigureSubject& subject, const QString& what) {
    return fileNameOf((subject.step < 0 ? subject.run : PartsFigureWords::tr("%1 step %2").arg(subject.run).arg(subject.step)) +
                      QLatin1Char(' ') + what);
}

FigureOffer tableOffer(const QString& name, const DataTable& table, const QString& what, const FigureSubject& subject) {
    return {name, figureFile(subject, name), [=, figure = TableFigure(table)] {
                auto copy = std::make_unique<TableFigure>(figure);
                copy->title = name;
                copy->caption = subjectCaption(subject, what);
                return copy;
            }};
}

std::vector<FigureOffer> ofNoRun(std::vector<FigureOffer> offers, const FigureSubject& subject) {
    for (FigureOffer& offer : offers) {
        offer.still = true;
        offer.subject = subject.run;
    }
    return offers;
}

std::vector<FigureOffer> partOffers(const QWidget& view, const FigureSubject& subject) {
    std::vector<FigureOffer> offers;
    for (const Map* map : view.findChildren<Map*>()) {
        if (!map->isVisibleTo(&view) || map->data().empty() || map->form().isTokens()) continue;
        offers.push_back({map->subject(), figureFile(subject, map->subject()),
                          [subject, name = map->subject(), content = map->content(), form = &map->form()] {
                              const double side = std::clamp(content.data().rows * mapRow, leastMap, largestMap);
                              auto figure = singlePart(subject, name, QSizeF(plotWidth, side + aroundMap));
                              figure->parts.push_back({QString(), QRectF(QPointF(), figure->body), nullptr});
                              figure->parts.back().square = content.square;
                              figure->parts.back().paint = [content, form](QPainter& painter, const QSizeF& room) {
                                  paintMap(painter, *form, content, form->layout(content, {.size = room, .paper = true}));
                              };
                              figure->numbers = cellTable(content);
                              return figure;
                          }});
    }
    for (const Plot* plot : view.findChildren<Plot*>()) {
        if (!plot->isVisibleTo(&view) || plot->series().empty()) continue;
        auto copy = std::make_shared<Plot>(plot->name());
        copy->copy(*plot);
        offers.push_back({plot->name(), figureFile(subject, plot->name()), [=] {
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
        offers.push_back({words->name(), figureFile(subject, words->name()), [=] {
                              auto figure = singlePart(subject, copy->name(), QSizeF(tableWidth, copy->fullHeight()));
                              figure->parts.push_back({QString(), QRectF(QPointF(), figure->body), copy});
                              figure->numbers = wordTable(*copy);
                              return figure;
                          }});
    }
    return offers;
}

}  // namespace lab
