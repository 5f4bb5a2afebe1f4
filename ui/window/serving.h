#pragma once

#include <QDateTime>
#include <QObject>
#include <QString>
#include <vector>

namespace lab {

/// Lets other programs of this computer work with what is open, over HTTP. The window knows no server: whoever does fills this in.
class Serving : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    enum class State {
        off,
        on,
        ending  ///< nobody is let in any more, and what is under way comes to its end
    };
    virtual State state() const = 0;
    virtual int usualPort() const = 0;
    /// When it is off: lets in who has the token, which is made anew. Port 0 is one that is free. Throws what sentenceOf() says, InputError
    /// when the port cannot be had.
    virtual void start(int port) = 0;
    /// Waits for nobody.
    virtual void stop() = 0;

    // Empty while it is off.
    virtual QString address() const = 0;  ///< "http://127.0.0.1:8127"
    virtual QString token() const = 0;
    virtual QString command() const = 0;  ///< a line for a shell, token included, that asks for all runs

    /// A program, by the name it gives itself.
    struct Client {
        QString name;
        qint64 requests = 0;
    };
    struct Asked {
        QDateTime time;
        QString what;  ///< "GET /api/v1/runs"
        int status = 0;
        QString client;
    };
    struct Visitors {
        int connections = 0;
        std::vector<Client> clients;  ///< who asked last is last
        std::vector<Asked> asked;     ///< the last ones, in order
    };
    /// Since it was switched on.
    virtual Visitors visitors() const = 0;

signals:
    void stateChanged();
};

}  // namespace lab
