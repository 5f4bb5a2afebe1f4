#include "ui/lessons/paper_blocks.h"

#include <QAbstractTextDocumentLayout>
#include <QLocale>
#include <QPainter>
#include <QTextDocument>
#include <algorithm>

#include "ui/lessons/lesson_words.h"
#include "ui/widgets/figure.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px.
constexpr double boxSide = 12, answerIndent = 28, writingLine = 30, blankWidth = 150;
constexpr double axesHeight = 170, axesFoot = 18, axesLeft = 46, labelRoom = 40, largestCell = 22, largestGrid = 400;

std::shared_ptr<QTextDocument> documentOf(const QString& html, const QFont& font, double width) {
    auto document = std::make_shared<QTextDocument>();
    document->setDocumentMargin(0);
    document->setDefaultFont(font);
    document->setHtml(html);
    document->setTextWidth(width);
    return document;
}

void drawDocument(QPainter& painter, QTextDocument& document, const QPointF& at, const QColor& ink) {
    painter.save();
    painter.translate(at);
    QAbstractTextDocumentLayout::PaintContext context;
    context.palette.setColor(QPalette::Text, ink);
    document.documentLayout()->draw(&painter, context);
    painter.restore();
}

QPen inkPen(double width = 1) {
    return QPen(Theme::instance().color(Role::text), width);
}

void drawLabel(QPainter& painter, const QRectF& room, int align, const QString& text) {
    painter.setPen(Theme::instance().color(Role::muted));
    painter.setFont(Theme::instance().font(TextSize::caption));
    painter.drawText(room, align, text);
}

/// Where the numbers of bars or a curve stand.
struct Axes {
    const Prediction& prediction;
    std::size_t count;
    QRectF field;

    double x(std::size_t place) const {
        return field.left() + (static_cast<double>(place) + 0.5) / static_cast<double>(count) * field.width();
    }
    double y(double value) const {
        const double share = (value - prediction.from) / (prediction.to - prediction.from);
        return field.bottom() - std::clamp(share, 0.0, 1.0) * field.height();
    }
};

QString paperNumber(const std::string& language, double value) {
    return QLocale(QString::fromStdString(language)).toString(value, 'g', 3).replace(QLatin1Char('-'), QChar(0x2212));
}

void drawAxes(QPainter& painter, const Axes& axes, const std::string& language) {
    constexpr int parts = 4;
    for (int i = 0; i <= parts; ++i) {
        const double value = axes.prediction.from + (axes.prediction.to - axes.prediction.from) * i / parts;
        painter.setPen(QPen(Theme::instance().color(Role::grid), 1));
        painter.drawLine(QPointF(axes.field.left(), axes.y(value)), QPointF(axes.field.right(), axes.y(value)));
        drawLabel(painter, QRectF(0, axes.y(value) - 8, axesLeft - 6, 16), Qt::AlignRight | Qt::AlignVCenter, paperNumber(language, value));
    }
    painter.setPen(inkPen());
    painter.drawLine(axes.field.topLeft(), axes.field.bottomLeft());
    painter.drawLine(axes.field.bottomLeft(), axes.field.bottomRight());
    const std::size_t every = axes.count / 24 + 1;
    for (std::size_t i = 0; i < axes.count; i += every)
        drawLabel(painter, QRectF(axes.x(i) - 15, axes.field.bottom() + 2, 30, axesFoot - 2), Qt::AlignCenter, QString::number(i));
}

void drawRight(QPainter& painter, const Axes& axes, const std::vector<double>& right) {
    const QColor ink = Theme::instance().color(Role::series1);
    const double half = 0.35 * axes.field.width() / static_cast<double>(axes.count);
    QPolygonF line;
    for (std::size_t i = 0; i < std::min(axes.count, right.size()); ++i) line << QPointF(axes.x(i), axes.y(right[i]));
    if (axes.prediction.kind == Prediction::Kind::bars) {
        for (const QPointF& top : line)
            painter.fillRect(QRectF(QPointF(top.x() - half, std::min(top.y(), axes.y(std::max(0.0, axes.prediction.from)))),
                                    QPointF(top.x() + half, std::max(top.y(), axes.y(std::max(0.0, axes.prediction.from))))),
                             ink);
        return;
    }
    painter.setPen(QPen(ink, 2));
    painter.drawPolyline(line);
    painter.setBrush(ink);
    for (const QPointF& point : line) painter.drawEllipse(point, 2, 2);
}

}  // namespace

QString PaperBlocks::number(double value) const {
    return paperNumber(m_language, value);
}

void PaperBlocks::add(double height, std::function<void(QPainter&)> paint) {
    m_blocks.push_back({height, std::move(paint), false});
}

void PaperBlocks::keepWithNext() {
    if (!m_blocks.empty()) m_blocks.back().withNext = true;
}

void PaperBlocks::space(double height) {
    const bool holds = !m_blocks.empty() && m_blocks.back().withNext;
    add(height, [](QPainter&) {});
    m_blocks.back().withNext = holds;
}

void PaperBlocks::words(const QString& html, TextSize size, bool bold, Role role, double indent) {
    const auto document = documentOf(html, Theme::instance().font(size, bold), m_width - indent);
    add(document->size().height() + 4, [document, role, indent](QPainter& painter) {
        drawDocument(painter, *document, {indent, 0}, Theme::instance().color(role));
    });
}

void PaperBlocks::text(const std::string& markdown, TextSize size, bool bold, Role role) {
    words(lessonHtml(Theme::instance().font(size, bold), markdown), size, bold, role);
}

void PaperBlocks::lines(int count) {
    add(count * writingLine + 4, [count, width = m_width](QPainter& painter) {
        for (int i = 1; i <= count; ++i)
            drawHairline(painter, QPointF(0, i * writingLine), QPointF(width, i * writingLine), Theme::instance().color(Role::muted));
    });
}

void PaperBlocks::blank(const QString& word, const QString& answer) {
    const auto label = documentOf(word, Theme::instance().font(TextSize::text), m_width);
    const auto said = documentOf(answer, Theme::instance().font(TextSize::text, true), m_width);
    const double end = label->idealWidth() + 8, height = std::max(label->size().height(), said->size().height()) + 8;
    add(height, [label, said, end, height, empty = answer.isEmpty()](QPainter& painter) {
        drawDocument(painter, *label, {}, Theme::instance().color(Role::text));
        if (empty)
            drawHairline(painter, QPointF(end, height - 6), QPointF(end + blankWidth, height - 6), Theme::instance().color(Role::text));
        else
            drawDocument(painter, *said, {end, 0}, Theme::instance().color(Role::text));
    });
}

void PaperBlocks::answer(const std::string& markdown, bool ticked) {
    const QFont font = Theme::instance().font(TextSize::text, ticked);
    const auto document = documentOf(lessonHtml(font, markdown), font, m_width - answerIndent);
    add(document->size().height() + 8, [document, ticked](QPainter& painter) {
        drawDocument(painter, *document, {answerIndent, 2}, Theme::instance().color(Role::text));
        const QRectF box(4, 4, boxSide, boxSide);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(inkPen());
        painter.drawRect(box);
        if (!ticked) return;
        painter.setPen(inkPen(2.2));
        painter.drawPolyline(QPolygonF{{box.left() + 2, box.center().y()}, {box.center().x(), box.bottom() - 2}, {box.right() + 3, 0}});
    });
}

void PaperBlocks::ranked(const std::string& markdown, const QString& place) {
    const QFont font = Theme::instance().font(TextSize::text);
    const auto document = documentOf(lessonHtml(font, markdown), font, m_width - answerIndent);
    add(document->size().height() + 8, [document, place](QPainter& painter) {
        drawDocument(painter, *document, {answerIndent, 2}, Theme::instance().color(Role::text));
        drawHairline(painter, QPointF(0, 18), QPointF(answerIndent - 8, 18), Theme::instance().color(Role::text));
        painter.setPen(inkPen());
        painter.setFont(Theme::instance().font(TextSize::text, true));
        painter.drawText(QRectF(0, 0, answerIndent - 8, 18), Qt::AlignCenter, place);
    });
}

void PaperBlocks::cells(const Cells& cells) {
    const auto rows = cells.rows.size(), columns = cells.columns.size();
    if (rows == 0 || columns == 0) return;
    const double side = std::min(largestCell, largestGrid / static_cast<double>(std::max(rows, columns)));
    add(static_cast<double>(rows) * side + axesFoot + 6, [cells, side, rows, columns](QPainter& painter) {
        const QRectF whole(labelRoom, axesFoot, static_cast<double>(columns) * side, static_cast<double>(rows) * side);
        painter.setBrush(Qt::NoBrush);
        if (cells.row >= 0)
            painter.fillRect(QRectF(whole.left() + cells.column * side, whole.top() + cells.row * side, side, side),
                             Theme::instance().color(Role::series1));
        for (qsizetype i = 0; i <= rows; ++i)
            drawHairline(painter, whole.topLeft() + QPointF(0, static_cast<double>(i) * side),
                         whole.topRight() + QPointF(0, static_cast<double>(i) * side), Theme::instance().color(Role::text));
        for (qsizetype i = 0; i <= columns; ++i)
            drawHairline(painter, whole.topLeft() + QPointF(static_cast<double>(i) * side, 0),
                         whole.bottomLeft() + QPointF(static_cast<double>(i) * side, 0), Theme::instance().color(Role::text));
        for (qsizetype i = 0; i < rows; ++i)
            drawLabel(painter, QRectF(0, whole.top() + static_cast<double>(i) * side, labelRoom - 6, side),
                      Qt::AlignRight | Qt::AlignVCenter, cells.rows[i]);
        for (qsizetype i = 0; i < columns; ++i)
            drawLabel(painter, QRectF(whole.left() + static_cast<double>(i) * side, 0, side, axesFoot - 2), Qt::AlignCenter,
                      cells.columns[i]);
    });
}

void PaperBlocks::axes(const Prediction& prediction, std::size_t count, const std::vector<double>& right) {
    if (count == 0) return;
    const double width = std::min(m_width, axesLeft + 36.0 * static_cast<double>(std::max<std::size_t>(count, 6)));
    add(axesHeight + axesFoot + 16, [language = m_language, prediction, count, right, width](QPainter& painter) {
        const Axes axes{prediction, count, QRectF(axesLeft, 8, width - axesLeft, axesHeight)};
        drawAxes(painter, axes, language);
        drawRight(painter, axes, right);
    });
}

void PaperBlocks::figure(std::shared_ptr<const Figure> figure, double share) {
    const FigureSheet bare{FigureWidth::screen, false};
    const QSizeF size = figure->size(bare);
    const double scale = std::min(1.0, m_width * share / size.width());
    add(size.height() * scale + 6, [figure, bare, scale](QPainter& painter) {
        painter.scale(scale, scale);
        figure->paint(painter, bare);
    });
}

}  // namespace lab
