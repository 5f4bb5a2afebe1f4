#pragma once

#include <QStringList>
#include <QWidget>
#include <map>
#include <string>

class QPlainTextEdit;

namespace lab {

class ThemedLabel;

/// A text of a lesson in its languages, one beside the other, and below each how the lesson shows it.
class TextPair : public QWidget {
    Q_OBJECT

public:
    /// `name` is that of its controls, before ".en"; `lines` are seen at a time.
    TextPair(const QString& name, const QString& title, int lines, QWidget* parent = nullptr);

    void setText(const std::string& language, const std::string& markdown);

    /// Those that a lesson can be written in here.
    static const std::vector<std::string>& languages();

signals:
    void edited(const std::string& language, const std::string& markdown);

private:
    struct Side {
        QPlainTextEdit* text;
        ThemedLabel* preview;
    };
    void preview(const Side& side);
    std::map<std::string, Side> m_sides;
};

}  // namespace lab
