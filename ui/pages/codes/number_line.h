#pragma once

#include <QStringList>
#include <QWidget>

#include "ui/widgets/theme.h"

namespace lab {

class Button;

/// A whole number written out: "G = 23 649 ...", in groups of three that wrap, in smaller letters where it has more digits; of more than
/// 400 digits the first and the last. A button copies all of it.
class NumberLine : public QWidget {
    Q_OBJECT

public:
    /// `name`: "G"; `control`: of the button.
    NumberLine(const QString& name, const QString& control, QWidget* parent = nullptr);

    void setName(const QString& name);
    void setNumber(const std::string& decimal);
    /// Instead of a number: why there is none, or that it is on its way.
    void setWords(const QString& sentence, bool wrong = false);
    const std::string& decimal() const { return m_decimal; }
    /// As it stands there, line by line.
    const QStringList& lines() const { return m_set.lines; }

    /// The lines of a grouped number in so much room: as large as one or two lines allow.
    struct Set {
        TextSize size = TextSize::meter;
        QStringList lines{};
        bool bold = true;
    };
    static Set setOf(const QString& grouped, double width);
    static int heightOf(const Set& set);
    /// In groups of three; of more than 400 digits the first and the last.
    static QString shownText(const std::string& decimal);
    /// In the painter's pen, in the middle of the room's height.
    static void paint(QPainter& painter, const QRectF& room, const Set& set);
    /// How many digits it has, where not all are shown; else empty.
    static QString rest(const std::string& decimal);

signals:
    /// It needs another height, which it has taken.
    void heightChanged();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QRectF textRoom() const;
    void arrange();

    QString m_name;
    std::string m_decimal;
    QString m_text;  ///< grouped, or a sentence
    bool m_isNumber = false, m_wrong = false;
    Set m_set;
    Button* m_copy;
};

}  // namespace lab
