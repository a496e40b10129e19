/// Services outside that steps of sagas call over HTTP: [dev.dormouse.server.services.HttpService].
@NullMarked
package dev.dormouse.server.services;

import org.jspecify.annotations.NullMarked;
